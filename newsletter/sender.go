package newsletter

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"os"
	"strings"
	"sync"
	"time"

	"subclip/catalog"

	"subclip/database"
	"subclip/mail"
	"subclip/queue"

	"golang.org/x/time/rate"
)

const (
	// batch is how many deliveries are read at once.
	batch = 100
	// maxTries is how often a delivery may fail for now.
	maxTries = 5
	// storm is how many deliveries in a row may fail before the fault is taken to
	// be not theirs.
	storm = 20
	// concludeTime bounds writing how something went, even while stopping.
	concludeTime = 15 * time.Second
)

// What editors are told while an issue does not go on.
const (
	toldUnreachable = "the mail server cannot be reached, or takes nothing for now: sending goes on by itself"
	toldRefused     = "the mail server has refused many messages in a row: see what it says in the log, then send the issue again to go on"
)

// errRefused stops an issue.
var errRefused = errors.New("too many messages in a row were refused")

// Sender sends issues, one at a time among all senders. Any number may run on any
// number of machines.
type Sender struct {
	*Newsletter
	name string
}

// NewSender prepares a sender.
func NewSender(n *Newsletter) *Sender {
	host, err := os.Hostname()
	if err != nil {
		host = "worker"
	}
	return &Sender{n, fmt.Sprintf("%s-%d-%s", host, os.Getpid(), strings.ToLower(rand.Text()[:6]))}
}

// Run sends until ctx ends. An issue under way is given back then, for another
// sender to go on at once.
func (s *Sender) Run(ctx context.Context) error {
	var house sync.WaitGroup
	keeping, stop := context.WithCancel(ctx)
	house.Go(func() { s.keepHouse(keeping) })
	err := s.queue.Serve(ctx, 1, map[string]int{TicketKind: 1}, s.handle)
	stop()
	house.Wait()
	return err
}

func (s *Sender) keepHouse(ctx context.Context) {
	tick := time.NewTicker(5 * time.Second)
	defer tick.Stop()
	for {
		if err := errors.Join(s.Reconcile(ctx), s.forgetPending(ctx)); err != nil && ctx.Err() == nil {
			s.log.Error("housekeeping of the newsletter failed and will be tried again", "error", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

// handle sends an issue, as far as it gets.
func (s *Sender) handle(ctx context.Context, t queue.Ticket) {
	issue, taken, err := s.takeTurn(ctx, t.JobID, t.Attempt, s.name)
	if err != nil {
		s.log.Error("an issue could not be taken and waits on", "issue", t.JobID, "error", err)
	}
	if err != nil || !taken {
		return
	}
	log := s.log.With("issue", issue.ID, "attempt", issue.Attempt, "worker", s.name)
	log.Info("sending an issue")
	working, cancel := context.WithCancelCause(ctx)
	beating := make(chan struct{})
	go func() {
		defer close(beating)
		s.beat(working, cancel, &issue)
	}()
	err = s.deliver(working, &issue)
	if errors.Is(context.Cause(working), errLost) {
		err = errLost
	}
	cancel(nil)
	<-beating
	concluding, done := context.WithTimeout(context.WithoutCancel(ctx), concludeTime)
	defer done()
	if err := s.conclude(concluding, &issue, err, ctx.Err() != nil); err != nil && !errors.Is(err, errLost) {
		log.Error("how sending went could not be written; it will go on", "error", err)
	}
	// The turn is free: an issue that waits for it need not wait for the house.
	if err := s.restore(concluding); err != nil {
		log.Warn("waiting issues are looked for later", "error", err)
	}
}

// beat keeps the issue's row alive, and ends the work when it is not ours any more
// or when the database cannot be told for so long that it may not be.
func (s *Sender) beat(ctx context.Context, cancel context.CancelCauseFunc, issue *Issue) {
	tick := time.NewTicker(beatEvery)
	defer tick.Stop()
	told := time.Now()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		err := s.heartbeat(ctx, issue)
		switch {
		case err == nil:
			told = time.Now()
		case errors.Is(err, errLost), time.Since(told) > silence/2:
			cancel(errLost)
			return
		}
	}
}

// conclude writes how sending went.
func (s *Sender) conclude(ctx context.Context, issue *Issue, err error, stopping bool) error {
	log := s.log.With("issue", issue.ID, "attempt", issue.Attempt, "worker", s.name)
	switch {
	case errors.Is(err, errLost):
		log.Info("the issue was stopped or taken over")
		return nil
	case errors.Is(err, errRefused):
		log.Error("the issue is stopped", "error", err)
		return s.halt(ctx, issue, toldRefused)
	case stopping:
		log.Info("the issue is given back")
		return s.again(ctx, issue, database.Now(), issue.Failures, issue.Problem)
	case err != nil:
		log.Error("sending is interrupted", "error", err)
		return s.again(ctx, issue, database.Now().Add(pause(issue.Failures)), issue.Failures+1, toldUnreachable)
	}
	progress, err := s.Progress(ctx, issue.ID)
	switch {
	case err != nil:
		return err
	case progress.ByStatus[DeliveryWaiting] > 0:
		return s.again(ctx, issue, progress.NextTry, 0, "")
	}
	log.Info("the issue is sent", "deliveries", progress.ByStatus)
	return errors.Join(s.giveUpClaims(ctx, issue.ID, ""), s.finish(ctx, issue))
}

// pause grows with every failure in a row: 30 s, 1 min, 2 min … half an hour.
func pause(failures int) time.Duration {
	return min(30*time.Second<<min(failures, 6), 30*time.Minute)
}

// deliver sends what is due, one message after the other. It returns nil when
// nothing is due any more.
func (s *Sender) deliver(ctx context.Context, issue *Issue) error {
	if err := s.giveUpClaims(ctx, issue.ID, s.name); err != nil {
		return err
	}
	r := round{Sender: s, issue: issue, limit: rate.NewLimiter(rate.Every(time.Minute/time.Duration(s.cfg.Rate)), 1)}
	defer r.hangUp()
	for {
		letters, err := s.due(ctx, issue.ID, batch)
		if err != nil || len(letters) == 0 {
			return err
		}
		if issue.Items, err = s.public(ctx, issue.Items); err != nil {
			return err
		}
		for i := range letters {
			if err := r.send(ctx, &letters[i]); err != nil {
				return err
			}
		}
	}
}

// public leaves out what was withdrawn or unpublished, or put under embargo, since sending began.
func (s *Sender) public(ctx context.Context, items []Item) ([]Item, error) {
	kept := []Item{}
	for _, item := range items {
		var err error
		if item.StoryID != "" {
			_, err = s.catalog.Story(ctx, catalog.Asker{}, item.StoryID)
		} else {
			_, err = s.catalog.Asset(ctx, catalog.Asker{}, item.AssetID)
		}
		if mistake, ok := errors.AsType[*catalog.Error](err); ok && mistake.Kind == catalog.NotFound {
			continue
		}
		if err != nil {
			return nil, err
		}
		kept = append(kept, item)
	}
	return kept, nil
}

// round is one worker's go at an issue.
type round struct {
	*Sender
	issue   *Issue
	limit   *rate.Limiter
	conn    *mail.Connection // nil until it is needed
	refused int              // in a row, for good
	delayed int              // in a row, for now
}

func (r *round) hangUp() {
	if r.conn != nil {
		_ = r.conn.Close() // what the server says to our good-bye changes nothing
		r.conn = nil
	}
}

// send brings one delivery as far as it gets. The server is called before the claim:
// what is claimed can be sent.
func (r *round) send(ctx context.Context, l *letter) error {
	if l.Reader.Status != SubscriberActive {
		return r.skip(ctx, l.IssueID, l.SubscriberID)
	}
	message, err := r.render(r.issue, l.Reader)
	if err != nil {
		return err
	}
	if err := r.limit.Wait(ctx); err != nil {
		return fmt.Errorf("wait to send: %w", err)
	}
	if r.conn == nil {
		if r.conn, err = r.mailer.Connect(ctx); err != nil {
			return err
		}
	}
	claimed, err := r.claim(ctx, r.issue, l)
	if err != nil {
		return err
	}
	if !claimed { // its reader left this instant, or the issue is not ours any more
		return errors.Join(r.heartbeat(ctx, r.issue), r.skip(ctx, l.IssueID, l.SubscriberID))
	}
	// From here on it is sent, whatever happens.
	ctx, cancel := context.WithCancel(context.WithoutCancel(ctx))
	defer cancel()
	return r.settle(ctx, l, r.conn.Send(ctx, message))
}

// settle records how a claimed delivery went, and reports when the fault seems to
// be not its own.
func (r *round) settle(ctx context.Context, l *letter, err error) error {
	status, retryAt := DeliverySent, time.Time{}
	_, invalid := errors.AsType[*mail.InvalidError](err)
	switch {
	case err == nil:
		r.refused, r.delayed = 0, 0
	case errors.Is(err, mail.ErrUncertain):
		status = DeliveryUncertain
		r.hangUp()
	case errors.Is(err, mail.ErrAddress):
		status = DeliveryBounced
		r.refused++
	case errors.Is(err, mail.ErrMessage), invalid:
		status = DeliveryRefused
		r.refused++
	default:
		l.Tries++
		r.delayed++
		r.hangUp()
		if status = DeliveryWaiting; l.Tries >= maxTries {
			status = DeliveryFailed
		}
		retryAt = database.Now().Add(time.Minute << (2 * l.Tries)) // 4 min to 4 h
	}
	if err != nil {
		r.log.Warn("a message did not go out", "issue", l.IssueID, "subscriber", l.SubscriberID, "as", status, "error", err)
	}
	recording, cancel := context.WithTimeout(ctx, concludeTime)
	defer cancel()
	if err := r.record(recording, l, r.name, status, retryAt); err != nil {
		return err
	}
	switch {
	case r.refused >= storm:
		return fmt.Errorf("%w: %w", errRefused, err)
	case r.delayed >= storm:
		return err
	}
	return nil
}
