package sample

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"
)

// Numbers decodes the video at path and returns the number that each frame
// carries, in the order of display, without leaving out or repeating any frame
// that the file shows. A frame that does not decode cleanly or carries no
// readable number is an error.
func Numbers(ctx context.Context, path string) ([]int, error) {
	var rows bytes.Buffer

	err := runFFmpeg(ctx, &rows, "-xerror", "-i", fileURL(path), "-map", "0:v:0",
		"-fps_mode", "passthrough", "-vf", stripReader(), "-f", "rawvideo", "pipe:1")
	if err != nil {
		return nil, fmt.Errorf("read frame numbers: %w", err)
	}

	numbers, err := readRows(rows.Bytes())
	if err != nil {
		return nil, fmt.Errorf("read frame numbers of %s: %w", path, err)
	}

	return numbers, nil
}

// readRows returns the numbers in rows of [stripReader], one after the other.
func readRows(rows []byte) ([]int, error) {
	if len(rows) == 0 {
		return nil, errors.New("the video has no frames")
	}

	numbers := make([]int, 0, len(rows)/blocks)

	for row := range slices.Chunk(rows, blocks) {
		number, ok := readRow(row)
		if !ok {
			return nil, fmt.Errorf("frame %d, counted from 0, carries no readable number", len(numbers))
		}

		numbers = append(numbers, int(number))
	}

	return numbers, nil
}
