package main

import (
	"fmt"
	"math"
	"slices"
)

// spread is some runs' measure of one thing.
type spread struct{ least, median, most float64 }

func spreadOf(outcomes []outcome, of func(outcome) float64) spread {
	values := make([]float64, len(outcomes))
	for i, o := range outcomes {
		values[i] = of(o)
	}
	slices.Sort(values)
	n := len(values)
	return spread{values[0], (values[(n-1)/2] + values[n/2]) / 2, values[n-1]}
}

func secondsOf(o outcome) float64 { return o.Seconds }

// printTables writes what was measured on one master.
func printTables(m *master, results []result, o options) {
	rate := float64(m.size) * 8 / m.facts.Duration / megabyte
	fmt.Printf("\n### Master of %g h, GOPs of %d s\n\n1080p25, H.264 and AAC in MP4, %.1f Mb/s, %s MB, of which %s MB index. Runs: %d.\n\n",
		o.hours, m.gop/frameRate, rate, mb(m.size), mb(m.index), o.runs)
	fmt.Print("| Clip | How | Seconds, median (least–most) | × subclip | CPU seconds | Read, MB | Written, MB | Memory, MB: worker / largest program |\n")
	fmt.Print("|---|---|--:|--:|--:|--:|--:|--:|\n")
	for _, r := range results {
		for _, c := range contenders() {
			fmt.Printf("| %s, %s MB | %s | %s |\n", r.name, mb(r.ready), c.title, r.cells(c, o))
		}
	}
	fmt.Print("\nThe cutter alone, medians:\n\n")
	fmt.Print("| Clip | Pictures | Encoded | Waiting for the master's bytes, s (requests) | Through the worker, MB | of it without the indexes |\n")
	fmt.Print("|---|--:|--:|--:|--:|--:|\n")
	for _, r := range results {
		fmt.Printf("| %s | %s |\n", r.name, r.cutCells(m))
	}
}

// cells are the columns of one contender.
func (r result) cells(c contender, o options) string {
	if why := c.skipped(r.length, o.long); why != "" {
		return why + " | | | | |"
	}
	of := r.outcomes[c.name]
	took, ours := spreadOf(of, secondsOf), spreadOf(r.outcomes["subclip"], secondsOf)
	cpu := spreadOf(of, func(o outcome) float64 { return o.CPU })
	memory := spreadOf(of, func(o outcome) float64 { return float64(o.Memory) })
	child := spreadOf(of, func(o outcome) float64 { return float64(o.ChildMemory) })
	largest := "–"
	if child.most > 0 {
		largest = mb(int64(child.most))
	}
	return fmt.Sprintf("%.2f (%.2f–%.2f) | %.2f | %.2f | %s | %s | %s / %s", took.median, took.least, took.most,
		took.median/ours.median, cpu.median, mb(of[0].Read), mb(of[0].Written), mb(int64(memory.most)), largest)
}

// cutCells are the columns of the cutter's own table.
func (r result) cutCells(m *master) string {
	of := r.outcomes["subclip"]
	report, through := of[0].Cut.Report, of[0].Read+of[0].Written
	reading := spreadOf(of, func(o outcome) float64 { return o.Cut.Reading }).median
	return fmt.Sprintf("%d | %d | %.3f (%d) | %s | %s", report.Frames, report.FramesEncoded,
		reading, of[0].Cut.Requests, mb(through), mb(through-m.index-r.index))
}

// mb writes bytes as millions of them, to three digits.
func mb(bytes int64) string {
	n := float64(bytes) / megabyte
	digits := 2 - int(math.Floor(math.Log10(max(n, 0.1))))
	return fmt.Sprintf("%.*f", min(max(digits, 0), 2), n)
}

func printNotes() {
	fmt.Print(`
- Seconds are from the request to the finished object in the store, of a worker that
  is already running. CPU and memory are the worker's and its programs', not the store's.
- Contenders take turns. The disk is synchronised before each turn, and the master's
  bytes between the marks are in the page cache for all alike.
- CopyObject is no contender but a floor: what the store takes to write that many bytes.
- What the store copies by itself counts neither as read nor as written.
- ffmpeg reads a signed URL; with ` + "`-c copy`" + ` the clip begins at a key picture before the
  mark. The encoder is libx264, preset veryfast, crf 18.
- mkvmerge reads no URLs, so it was given the store's own file, which a worker on another
  machine would have to download first. It delivers Matroska that begins at a key picture.
- The worker's memory is the peak of its process, that of programs the peak of the largest.
`)
}
