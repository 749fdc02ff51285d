// Command frame-numbers prints which frames a video made by package sample, or
// cut from one, consists of:
//
//	go run ./scripts/frame-numbers FILE
//
// It exits with 1 when the numbers are not consecutive or cannot be read.
package main

import (
	"context"
	"fmt"
	"os"

	"subclip/sample"
)

func main() {
	os.Exit(run(os.Args[1:]))
}

// run does the command's work and returns its exit code.
func run(args []string) int {
	if len(args) != 1 {
		fmt.Fprintln(os.Stderr, "usage: frame-numbers FILE")

		return 2
	}

	numbers, err := sample.Numbers(context.Background(), args[0])
	if err != nil {
		fmt.Fprintln(os.Stderr, "frame-numbers:", err)

		return 1
	}

	first, last := numbers[0], numbers[len(numbers)-1]

	if at := firstBreak(numbers); at > 0 {
		fmt.Printf("%d frames, %d to %d, not consecutive: %d follows %d\n",
			len(numbers), first, last, numbers[at], numbers[at-1])

		return 1
	}

	fmt.Printf("%d frames, %d to %d, consecutive\n", len(numbers), first, last)

	return 0
}

// firstBreak returns the index of the first number that is not one more than the
// one before it, or 0 if there is none.
func firstBreak(numbers []int) int {
	for i := 1; i < len(numbers); i++ {
		if numbers[i] != numbers[i-1]+1 {
			return i
		}
	}

	return 0
}
