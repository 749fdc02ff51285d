package hevc

import "errors"

// skipReferences reads past the sets of short-term references (7.3.7).
func skipReferences(r *reader) error {
	const maxSets, maxPictures = 64, 16
	sets := r.ue()
	if sets > maxSets {
		return errors.New("it has too many sets of references")
	}
	pictures := uint(0) // in the set before
	for i := range sets {
		if i > 0 && r.Flag() {
			pictures = predictedSet(r, pictures)
		} else {
			before, after := r.ue(), r.ue()
			if before > maxPictures || after > maxPictures {
				return errors.New("it has too many references")
			}
			pictures = before + after
			for range pictures {
				r.ue()
				r.Flag()
			}
		}
		if pictures > maxPictures {
			return errors.New("it has too many references")
		}
		if err := r.err(); err != nil {
			return err
		}
	}
	return nil
}

// predictedSet reads a set that is told by its difference from the one before,
// which has so many pictures, and returns how many it has itself.
func predictedSet(r *reader, pictures uint) uint {
	r.Flag() // delta_rps_sign
	r.ue()   // abs_delta_rps_minus1
	kept := uint(0)
	for range pictures + 1 {
		used := r.Flag()
		if used || r.Flag() { // use_delta_flag
			kept++
		}
	}
	return kept
}

// skipScaling reads past the scaling lists (7.3.4), if they are not the usual ones.
func skipScaling(r *reader) {
	if !r.Flag() { // sps_scaling_list_data_present_flag
		return
	}
	for size := range 4 {
		matrices, coefficients := 6, min(64, 16<<(2*size))
		if size == 3 {
			matrices = 2
		}
		if size > 1 {
			coefficients++ // scaling_list_dc_coef_minus8
		}
		for range matrices {
			if r.Flag() {
				r.skip(coefficients)
			} else {
				r.ue() // scaling_list_pred_matrix_id_delta
			}
		}
	}
}
