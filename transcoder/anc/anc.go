// Package anc reads the ancillary data of MXF masters (SMPTE ST 436 in the generic container
// of ST 379-1): packets as they lie beside the pictures of a television signal (ST 291-1),
// and of these what carries captions: CEA-608 and CEA-708 (ST 334-1, ST 334-2) and teletext
// (OP-47, RDD 8).
//
// A master is walked from its begin to its end by the lengths that its elements state, and
// nothing else of it is believed: neither its index nor what it says of itself. Of lines of
// the vertical blanking that are kept as samples nothing is read.
package anc

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
)

// ErrDamaged marks that a file is not MXF, or that it breaks off or has lengths that cannot be.
var ErrDamaged = errors.New("damaged MXF")

// unitsToTell is how many edit units are looked at before a master is said to have no
// ancillary data: all have the same elements (ST 379-1).
const unitsToTell = 50

// mostContainers is how many essence containers are told apart, where one is the rule.
const mostContainers = 16

// Read walks through a master of so many bytes, and tells of each edit unit, counted from 0,
// what packets lie in it, in their order; a unit with two elements of them is told twice. Data
// of packets are valid until each returns, whose error ends the walk. Where the first units
// have no element of ancillary data the rest is not read.
//
// It holds some 4 MiB and reads as much at once, one part after another, so that a store
// gets few requests; where a picture is longer, its rest is skipped. Errors: ErrDamaged, after
// all was told that could be read; those of each, of ctx and of master.
func Read(ctx context.Context, master io.ReaderAt, size int64, each func(unit int64, packets []Packet) error) error {
	w := &walk{window: window{ctx: ctx, master: master, size: size}, containers: map[uint32]*container{}, each: each}
	pos, err := w.begin()
	for err == nil && pos < size && !w.without() {
		pos, err = w.element(pos)
	}
	if err != nil {
		return err
	}
	return w.damage
}

// walk is the state of a reading.
type walk struct {
	window
	each       func(unit int64, packets []Packet) error
	containers map[uint32]*container
	body       uint32 // the container in which we are (BodySID)
	seen       bool   // ancillary data
	units      int64  // of all containers
	damage     error  // the first packets that could not be read
}

// container counts its edit units: each begins with the same element.
type container struct {
	first key
	units int64
}

// without reports whether the master has no ancillary data.
func (w *walk) without() bool { return !w.seen && w.units > unitsToTell }

// element reads what begins at a place and returns where the next one does.
func (w *walk) element(pos int64) (next int64, err error) {
	k, value, length, err := w.header(pos)
	switch {
	case err != nil:
		return 0, err
	case k.isPartition():
		err = w.partition(value, length)
	case k.isEssence():
		err = w.essence(k, value, length)
	}
	return value + length, err
}

// partition learns to which container belongs what follows (ST 377-1, 7.1).
func (w *walk) partition(value, length int64) error {
	const bodySID = 60
	if length < bodySID+4 {
		return nil
	}
	data, err := w.bytes(value+bodySID, 4)
	if err == nil {
		w.body = binary.BigEndian.Uint32(data)
	}
	return err
}

// essence counts edit units, and reads packets.
func (w *walk) essence(k key, value, length int64) error {
	c := w.containers[w.body]
	if c == nil {
		if len(w.containers) == mostContainers {
			return nil
		}
		c = &container{first: k}
		w.containers[w.body] = c
	}
	if k == c.first {
		c.units++
		w.units++
	}
	if !k.isAncillary() {
		return nil
	}
	w.seen = true
	unit := c.units - 1
	if length > mostElement {
		w.damaged(unit, fmt.Errorf("%w: an element of %d bytes is too large", ErrDamaged, length))
		return nil
	}
	data, err := w.bytes(value, int(length))
	if err != nil {
		return err
	}
	packets, err := split(data)
	if err != nil {
		w.damaged(unit, err)
	}
	if len(packets) == 0 {
		return nil
	}
	return w.each(unit, packets)
}

// damaged keeps the first reason for which packets were left out.
func (w *walk) damaged(unit int64, err error) {
	if w.damage == nil {
		w.damage = fmt.Errorf("ancillary data of edit unit %d: %w", unit, err)
	}
}
