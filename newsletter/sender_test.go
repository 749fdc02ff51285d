package newsletter

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"subclip/database"
	"subclip/process"

	"github.com/emersion/go-smtp"
)

func TestIssueReachesItsReaders(t *testing.T) {
	each(t, func(t *testing.T, h *harness) {
		asset := h.asset(t, "A film", true)
		english := h.subscribe(t, Wish{Address: "en@example.org", Language: "en"})
		h.subscribe(t, Wish{Address: "fr@example.org", Language: "fr", Topics: []string{"culture"}})
		h.subscribe(t, Wish{Address: "politics@example.org", Topics: []string{"politics"}})
		left := h.subscribe(t, Wish{Address: "left@example.org"})
		if _, err := h.Unsubscribe(t.Context(), left.LeaveToken); err != nil {
			t.Fatal(err)
		}
		draft := bilingual(asset.ID)
		draft.Topics = []string{"culture"}
		issue := h.issue(t, draft)
		h.send(t, issue.ID)
		h.run(t)
		progress := h.await(t, issue.ID, "it is sent", isSent)
		if progress.Total != 2 || progress.ByStatus[DeliverySent] != 2 || progress.Done() != 1 {
			t.Errorf("%+v", progress)
		}
		if got := recipients(h.server.Received()); !maps.Equal(got, map[string]int{"en@example.org": 1, "fr@example.org": 1}) {
			t.Fatalf("it went to %v", got)
		}
		for _, m := range h.server.Received() {
			entity, parts := m.Entity(t), m.Parts(t)
			subject, _ := entity.Header.Text("Subject")
			want := map[string]string{"en@example.org": "The week", "fr@example.org": "La semaine"}[m.To]
			if subject != want || !strings.Contains(parts["text/plain"], want) || !strings.Contains(parts["text/html"], "<h1") || m.From != "press@example.com" {
				t.Errorf("%s got %q from %s:\n%v", m.To, subject, m.From, parts)
			}
			leave := "https://press.example.com" + LeavePath + "?token=" + link(t, m, LeavePath)
			if got := entity.Header.Get("List-Unsubscribe"); got != "<"+leave+">" {
				t.Errorf("List-Unsubscribe is %q", got)
			}
			if got := entity.Header.Get("List-Unsubscribe-Post"); got != "List-Unsubscribe=One-Click" {
				t.Errorf("List-Unsubscribe-Post is %q", got)
			}
			if got := entity.Header.Get("List-Id"); got != "<newsletter.press.example.com>" {
				t.Errorf("List-Id is %q", got)
			}
			if m.To == english.Address && link(t, m, LeavePath) != english.LeaveToken {
				t.Error("a reader has another's link")
			}
		}
		if got := h.server.Connections(); got != 4+1 { // four asked to confirm
			t.Errorf("%d connections", got)
		}
	})
}

// A kill at the worst of times, when the server has a message and the sender does
// not know yet: nobody gets the issue twice, everybody but one for certain.
func TestKilledSenderSendsNothingTwice(t *testing.T) {
	each(t, func(t *testing.T, h *harness) {
		const readers, killAt = 300, 120
		addresses := h.crowd(t, readers)
		issue := h.issue(t, news())
		h.send(t, issue.ID)

		reached, dead := make(chan struct{}), make(chan struct{})
		h.server.OnMessage(func(number int) error {
			if number == killAt {
				close(reached)
				<-dead
				return errors.New("the sender is dead")
			}
			return nil
		})
		self, err := os.Executable()
		if err != nil {
			t.Fatal(err)
		}
		data, err := json.Marshal(h.settings)
		if err != nil {
			t.Fatal(err)
		}
		doomed := process.Command(t.Context(), self)
		doomed.Env = append(os.Environ(), doomedSender+"="+string(data))
		doomed.Stderr = os.Stderr
		if err := doomed.Start(); err != nil {
			t.Fatal(err)
		}
		select {
		case <-reached:
		case <-time.After(patience):
			t.Error("the other process does not send")
		}
		if err := doomed.Process.Kill(); err != nil {
			t.Fatal(err)
		}
		_ = doomed.Wait()
		close(dead)
		progress, err := h.Progress(t.Context(), issue.ID)
		if err != nil || progress.ByStatus[DeliverySent] != killAt-1 || progress.ByStatus[DeliverySending] != 1 || progress.ByStatus[DeliveryWaiting] != readers-killAt {
			t.Fatalf("%v %+v", err, progress)
		}

		h.exec(t, "UPDATE newsletter_issues SET heartbeat_at = ?", database.Now().Add(-time.Minute))
		h.run(t)
		progress = h.await(t, issue.ID, "it is sent", isSent)
		if progress.ByStatus[DeliverySent] != readers-1 || progress.ByStatus[DeliveryUncertain] != 1 {
			t.Errorf("%+v", progress)
		}
		got := recipients(h.server.Received())
		for _, address := range addresses {
			if got[address] != 1 {
				t.Errorf("%s got it %d times", address, got[address])
			}
		}
	})
}

// sendUntilKilled is the other process.
func sendUntilKilled(func() int) (code int, err error) {
	var s settings
	if err := json.Unmarshal([]byte(os.Getenv(doomedSender)), &s); err != nil {
		return 1, err
	}
	n, _, err := open(s)
	if err != nil {
		return 1, err
	}
	return 0, NewSender(n).Run(context.Background())
}

func TestSilentServerIsUncertain(t *testing.T) {
	each(t, func(t *testing.T, h *harness) {
		h.crowd(t, 5)
		h.server.OnMessage(func(number int) error {
			if number == 3 {
				return errors.New("the server falls over")
			}
			return nil
		})
		issue := h.issue(t, news())
		h.send(t, issue.ID)
		h.run(t)
		progress := h.await(t, issue.ID, "it is sent", isSent)
		if progress.ByStatus[DeliverySent] != 4 || progress.ByStatus[DeliveryUncertain] != 1 || len(h.server.Received()) != 5 {
			t.Errorf("%+v, %d arrived", progress, len(h.server.Received()))
		}
	})
}

func TestBouncesMarkTheAddress(t *testing.T) {
	each(t, func(t *testing.T, h *harness) {
		addresses := h.crowd(t, 4)
		h.server.Refuse(addresses[0], &smtp.SMTPError{Code: 550, EnhancedCode: smtp.EnhancedCode{5, 1, 1}, Message: "no such user"})
		h.server.Refuse(addresses[1], &smtp.SMTPError{Code: 550, EnhancedCode: smtp.EnhancedCode{5, 7, 1}, Message: "we do not like you"})
		issue := h.issue(t, news())
		h.send(t, issue.ID)
		h.run(t)
		progress := h.await(t, issue.ID, "it is sent", isSent)
		if want := map[DeliveryStatus]int{DeliverySent: 2, DeliveryBounced: 1, DeliveryRefused: 1}; !maps.Equal(progress.ByStatus, want) {
			t.Errorf("%+v", progress)
		}
		bounced, _, err := h.Subscribers(t.Context(), SubscriberBounced, "", 10)
		if err != nil || len(bounced) != 1 || bounced[0].Address != addresses[0] || bounced[0].Reason == "" {
			t.Errorf("%v %+v", err, bounced)
		}
		// The next issue leaves it out.
		next := h.issue(t, news())
		h.send(t, next.ID)
		if progress := h.await(t, next.ID, "it is sent", isSent); progress.Total != 3 {
			t.Errorf("%+v", progress)
		}
	})
}

func TestGreylistedIsTriedAgain(t *testing.T) {
	each(t, func(t *testing.T, h *harness) {
		addresses := h.crowd(t, 2)
		later := &smtp.SMTPError{Code: 451, EnhancedCode: smtp.EnhancedCode{4, 7, 1}, Message: "come back later"}
		h.server.Refuse(addresses[0], later)
		issue := h.issue(t, news())
		h.send(t, issue.ID)
		stop := h.run(t)
		progress := h.await(t, issue.ID, "one waits", func(i Issue, p Progress) bool {
			return i.Owner == "" && p.ByStatus[DeliverySent] == 1 && p.ByStatus[DeliveryWaiting] == 1
		})
		if !progress.NextTry.After(time.Now().Add(time.Minute)) {
			t.Errorf("it is tried again at %s already", progress.NextTry)
		}
		stop()
		h.server.Refuse(addresses[0], nil)
		h.exec(t, "UPDATE newsletter_deliveries SET not_before = ? WHERE status = 'waiting'", database.Now())
		h.exec(t, "UPDATE newsletter_issues SET not_before = ?, attempt = attempt + 1", database.Now()) // its ticket is for later
		h.run(t)
		h.await(t, issue.ID, "it is sent", isSent)
		if got := recipients(h.server.Received()); got[addresses[0]] != 1 || got[addresses[1]] != 1 {
			t.Errorf("it went to %v", got)
		}
	})
}

func TestTriesEnd(t *testing.T) {
	each(t, func(t *testing.T, h *harness) {
		addresses := h.crowd(t, 1)
		h.server.Refuse(addresses[0], &smtp.SMTPError{Code: 451, EnhancedCode: smtp.EnhancedCode{4, 7, 1}, Message: "come back later"})
		issue := h.issue(t, news())
		h.send(t, issue.ID)
		h.exec(t, "UPDATE newsletter_deliveries SET tries = ?", maxTries-1)
		h.run(t)
		if progress := h.await(t, issue.ID, "it is over", isSent); progress.ByStatus[DeliveryFailed] != 1 {
			t.Errorf("%+v", progress)
		}
	})
}

// A server that refuses all is not let judge all readers.
func TestManyRefusalsStopTheIssue(t *testing.T) {
	each(t, func(t *testing.T, h *harness) {
		h.crowd(t, 3*storm)
		h.server.RefuseContent(&smtp.SMTPError{Code: 554, EnhancedCode: smtp.EnhancedCode{5, 7, 1}, Message: "spam"})
		issue := h.issue(t, news())
		h.send(t, issue.ID)
		h.run(t)
		progress := h.await(t, issue.ID, "it is stopped", func(i Issue, _ Progress) bool { return i.Status == IssueStopped && i.Problem != "" })
		if progress.ByStatus[DeliveryRefused] != storm || progress.ByStatus[DeliveryWaiting] != 2*storm {
			t.Errorf("%+v", progress)
		}
		h.server.RefuseContent(nil)
		h.send(t, issue.ID)
		if progress := h.await(t, issue.ID, "the rest is sent", isSent); progress.ByStatus[DeliverySent] != 2*storm {
			t.Errorf("%+v", progress)
		}
	})
}

func TestUnreachableServerIsWaitedFor(t *testing.T) {
	each(t, func(t *testing.T, h *harness) {
		h.crowd(t, 3)
		issue := h.issue(t, news())
		h.send(t, issue.ID)
		settings := h.settings
		settings.Mail.Port = 1 // nobody listens there
		n, closeAll, err := open(settings)
		if err != nil {
			t.Fatal(err)
		}
		away := &harness{n, settings, h.server}
		stop := away.run(t)
		progress := h.await(t, issue.ID, "it waits", func(i Issue, _ Progress) bool { return i.Problem != "" && i.Failures == 1 && i.Owner == "" })
		stop()
		if err := closeAll(); err != nil {
			t.Error(err)
		}
		if progress.ByStatus[DeliveryWaiting] != 3 {
			t.Errorf("a reader is held to account: %+v", progress)
		}
		h.exec(t, "UPDATE newsletter_issues SET not_before = ?, attempt = attempt + 1", database.Now())
		h.run(t)
		if progress := h.await(t, issue.ID, "it is sent", isSent); progress.ByStatus[DeliverySent] != 3 {
			t.Errorf("%+v", progress)
		}
	})
}

// Stopping an issue, and stopping the sender in the middle, lose nothing and double
// nothing; a reader who leaves meanwhile gets nothing.
func TestStopAndGoOn(t *testing.T) {
	each(t, func(t *testing.T, h *harness) {
		const readers = 200
		addresses := h.crowd(t, readers)
		issue := h.issue(t, news())
		at := func(number int, do func()) {
			done := make(chan struct{})
			h.server.OnMessage(func(n int) error {
				if n == number {
					do()
					close(done)
				}
				return nil
			})
			t.Cleanup(func() { <-done })
		}
		at(50, func() {
			if _, err := h.Stop(context.Background(), issue.ID); err != nil {
				t.Error(err)
			}
		})
		h.send(t, issue.ID)
		stop := h.run(t)
		h.await(t, issue.ID, "it is stopped", func(i Issue, p Progress) bool {
			return i.Status == IssueStopped && p.ByStatus[DeliverySending] == 0
		})
		stop()
		reached := make(chan struct{})
		at(100, func() { close(reached) })
		last := h.deliveries(t, issue.ID, DeliveryWaiting)
		if _, err := h.Unsubscribe(t.Context(), last[len(last)-1].LeaveToken); err != nil {
			t.Fatal(err)
		}
		h.send(t, issue.ID)
		stop = h.run(t)
		<-reached
		stop() // gives the issue back
		h.run(t)
		progress := h.await(t, issue.ID, "it is sent", isSent)
		if progress.ByStatus[DeliverySent] != readers-1 || progress.ByStatus[DeliverySkipped] != 1 {
			t.Errorf("%+v", progress)
		}
		got := recipients(h.server.Received())
		for _, address := range addresses {
			if want := 1; address != last[len(last)-1].Address && got[address] != want {
				t.Errorf("%s got it %d times", address, got[address])
			}
		}
		if got[last[len(last)-1].Address] != 0 {
			t.Error("a reader who has left got it")
		}
	})
}

// deliveries are the readers of an issue whose delivery is in a state, in the order
// in which they are sent to.
func (h *harness) deliveries(t *testing.T, issueID string, status DeliveryStatus) []Subscriber {
	t.Helper()
	var readers []Subscriber
	err := h.db.NewSelect().Model(&readers).Where("id IN (SELECT subscriber_id FROM newsletter_deliveries WHERE issue_id = ? AND status = ?)", issueID, status).
		OrderExpr("id").Scan(t.Context())
	if err != nil || len(readers) == 0 {
		t.Fatal(err, len(readers))
	}
	return readers
}

// However many senders and issues there are, one issue is sent at a time, each to
// everyone once, though Redis forgets everything meanwhile.
func TestSendersTakeTurns(t *testing.T) {
	each(t, func(t *testing.T, h *harness) {
		const readers = 60
		h.crowd(t, readers)
		var ids []string
		for i := range 3 {
			draft := news()
			draft.Editions[0].Subject = fmt.Sprintf("Issue %d", i)
			ids = append(ids, h.issue(t, draft).ID)
			h.send(t, ids[i])
		}
		for range 3 {
			h.run(t)
		}
		for _, id := range ids {
			h.await(t, id, "it is sent", isSent)
		}
		var order []string
		for _, m := range h.server.Received() {
			subject, _ := m.Entity(t).Header.Text("Subject")
			order = append(order, subject)
		}
		if turns := slices.Compact(slices.Clone(order)); len(order) != 3*readers || len(turns) != 3 {
			t.Errorf("%d messages, in turns %v", len(order), turns)
		}
	})
}

func TestLostTicketComesBack(t *testing.T) {
	each(t, func(t *testing.T, h *harness) {
		h.crowd(t, 2)
		issue := h.issue(t, news())
		h.send(t, issue.ID)
		h.exec(t, "UPDATE newsletter_issues SET attempt = attempt + 1") // no ticket is for this attempt
		h.run(t)
		h.await(t, issue.ID, "it is sent", isSent)
	})
}

func TestRateIsBounded(t *testing.T) {
	each(t, func(t *testing.T, h *harness) {
		h.cfg.Rate = 600 // ten a second
		h.crowd(t, 11)
		var times []time.Time
		h.server.OnMessage(func(int) error {
			times = append(times, time.Now())
			return nil
		})
		issue := h.issue(t, news())
		h.send(t, issue.ID)
		h.run(t)
		h.await(t, issue.ID, "it is sent", isSent)
		// Not a limit of the machine's: however slow it is, it may not be faster.
		if took := times[len(times)-1].Sub(times[0]); took < 900*time.Millisecond {
			t.Errorf("11 messages took %s", took)
		}
	})
}
