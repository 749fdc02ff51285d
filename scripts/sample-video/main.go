// Command sample-video makes the video that `subclip up` shows at its first start:
//
//	go run ./scripts/sample-video FILE.mp4
package main

import (
	"context"
	"fmt"
	"os"

	"subclip/sample"
)

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "usage: sample-video FILE.mp4")
		os.Exit(2)
	}
	if err := sample.Make(context.Background(), os.Args[1], sample.Default(), nil); err != nil {
		fmt.Fprintln(os.Stderr, "sample-video:", err)
		os.Exit(1)
	}
}
