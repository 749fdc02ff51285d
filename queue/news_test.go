package queue_test

import (
	"testing"
)

// TestWatch announces in one process and watches in another.
func TestWatch(t *testing.T) {
	t.Parallel()
	here, cfg := connect(t)
	there := open(t, cfg)
	first, stopFirst := here.Watch("a")
	second, stopSecond := here.Watch("a")
	other, stopOther := here.Watch("b")
	defer stopSecond()
	defer stopOther()
	announce := func(job string) {
		t.Helper()
		if err := there.Announce(t.Context(), job); err != nil {
			t.Fatal(err)
		}
	}
	// The subscription may still be on its way.
	await(t, "news of a", func() bool {
		announce("a")
		return len(first) > 0 && len(second) > 0
	})
	announce("a") // nobody has looked yet: it must not wait for them
	announce("b")
	receive(t, other) // news comes in order, so all of a's is here
	receive(t, first)
	receive(t, second)
	if len(first)+len(second)+len(other) > 0 {
		t.Error("news is kept in more than one piece")
	}
	stopFirst()
	stopFirst()
	announce("a")
	receive(t, second)
	if len(first) > 0 {
		t.Error("news came to one who no longer watches")
	}
}
