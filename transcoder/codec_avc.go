package transcoder

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"slices"

	"github.com/Eyevinn/mp4ff/avc"
	ffmpeg "github.com/u2takey/ffmpeg-go"

	"subclip/transcoder/mp4"
)

const maxParameterSet = 31

type avcCodec struct {
	record     avc.DecConfRec
	id         int
	interlaced bool
}

func newAVC(track *mp4.Track, s Source) (*avcCodec, error) {
	record, err := avc.DecodeAVCDecConfRec(track.Config("avcC"))
	if err != nil {
		return nil, unsupported("the H.264 configuration cannot be read (%v)", err)
	}
	a := &avcCodec{record: record, interlaced: s.Video.Interlaced()}
	a.id, err = a.freeID()
	return a, err
}

func (a *avcCodec) freeID() (int, error) {
	used := map[uint32]bool{}
	sequences := map[uint32]*avc.SPS{}
	for _, nal := range a.record.SPSnalus {
		sps, err := avc.ParseSPSNALUnit(nal, false)
		if err != nil {
			return 0, unsupported("the H.264 sequence parameters cannot be read (%v)", err)
		}
		used[sps.ParameterID], sequences[sps.ParameterID] = true, sps
	}
	for _, nal := range a.record.PPSnalus {
		pps, err := avc.ParsePPSNALUnit(nal, sequences)
		if err != nil {
			return 0, unsupported("the H.264 picture parameters cannot be read (%v)", err)
		}
		used[pps.PicParameterSetID] = true
	}
	for id := 1; id <= maxParameterSet; id++ {
		if !used[uint32(id)] {
			return id, nil
		}
	}
	return 0, unsupported("the H.264 stream uses every parameter set number")
}

func (a *avcCodec) options(bool) (ffmpeg.KwArgs, error) {
	options := ffmpeg.KwArgs{
		"c:v": "libx264", "crf": "16", "preset": "veryfast", "bf": "0",
		"x264-params": fmt.Sprintf("sps-id=%d:keyint=%d:scenecut=0:open-gop=0", a.id, edgeGOP),
	}
	if profile := a.profile(); profile != "" {
		options["profile:v"] = profile
	}
	if a.interlaced {
		options["flags:v"] = "+ilme+ildct"
	}
	return options, nil
}

func (a *avcCodec) profile() string {
	switch a.record.AVCProfileIndication {
	case 66:
		return "baseline"
	case 77:
		return "main"
	case 100:
		return "high"
	case 110:
		return "high10"
	case 122:
		return "high422"
	}
	return ""
}

func (a *avcCodec) adapt(e *edge, _ []byte) error {
	record, err := avc.DecodeAVCDecConfRec(e.track.Config("avcC"))
	if err != nil {
		return fmt.Errorf("read the parameters of an encoded edge: %w", err)
	}
	if record.ChromaFormat != a.record.ChromaFormat || record.BitDepthLumaMinus1 != a.record.BitDepthLumaMinus1 {
		return unsupported("the edges were encoded in another picture format")
	}
	for _, nal := range record.SPSnalus {
		a.record.SPSnalus = appendNew(a.record.SPSnalus, nal)
	}
	for _, nal := range record.PPSnalus {
		a.record.PPSnalus = appendNew(a.record.PPSnalus, nal)
	}
	a.record.AVCLevelIndication = max(a.record.AVCLevelIndication, record.AVCLevelIndication)
	return nil
}

func appendNew(sets [][]byte, set []byte) [][]byte {
	if slices.ContainsFunc(sets, func(s []byte) bool { return bytes.Equal(s, set) }) {
		return sets
	}
	return append(sets, set)
}

func (a *avcCodec) config() (mp4.Config, error) {
	var payload bytes.Buffer
	if a.record.Encode(&payload) != nil {
		return mp4.Config{}, unsupported("the H.264 configuration cannot be written")
	}
	return mp4.Config{Kind: "avcC", Payload: payload.Bytes()}, nil
}

func (a *avcCodec) entry(sample []byte) (mp4.Entry, error) {
	const lengthSize, slice, idr = 4, 1, 5
	for len(sample) > lengthSize {
		length := binary.BigEndian.Uint32(sample)
		sample = sample[lengthSize:]
		if length == 0 || int64(length) > int64(len(sample)) {
			return mp4.NoEntry, fmt.Errorf("a unit of %d bytes in a sample with %d left", length, len(sample))
		}
		switch sample[0] & 0x1f {
		case idr:
			return mp4.Refresh, nil
		case slice:
			return mp4.NoEntry, nil
		}
		sample = sample[length:]
	}
	return mp4.NoEntry, errors.New("a sample without a picture")
}

func (a *avcCodec) enter([]byte) ([]byte, error) { return nil, nil }
