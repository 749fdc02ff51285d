package portal

import "slices"

// tick is a topic that a form of the desk can tick.
type tick struct {
	Topic string
	Gone  bool // what has it keeps it, but nothing else can get it any more
}

// ticks are the topics that are offered, and after them those that the thing had when its
// form was opened though they are offered no longer: saving the form must not lose them.
func ticks(f form, offered []string) (all []tick) {
	for _, topic := range offered {
		all = append(all, tick{Topic: topic})
	}
	for _, topic := range slices.Concat(begunWith(f.Values)[topicsField], f.Values[topicsField]) {
		if known := slices.ContainsFunc(all, func(t tick) bool { return t.Topic == topic }); !known {
			all = append(all, tick{topic, true})
		}
	}
	return all
}
