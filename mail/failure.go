package mail

import (
	"errors"
	"fmt"
	"strings"

	gomail "github.com/wneessen/go-mail"
)

// How sending may fail for good.
var (
	// ErrAddress: the server says that there is no such mailbox. Nothing should
	// be sent there any more.
	ErrAddress = errors.New("the mail server says that the address does not exist")

	// ErrMessage: the server refuses this message for good, for reasons that
	// are not the address's, such as a rule against its content.
	ErrMessage = errors.New("the mail server refuses the message")

	// ErrUncertain: the message was handed over, but the connection was lost
	// before the server answered. It may or may not arrive.
	ErrUncertain = errors.New("the mail server fell silent after it was given the message")
)

// classify says what a failure of go-mail means.
func classify(err error) error {
	var failure *gomail.SendError
	if !errors.As(err, &failure) {
		return fmt.Errorf("send a message: %w", err)
	}
	permanent := failure.ErrorCode() >= 500
	switch failure.Reason {
	case gomail.ErrSMTPRcptTo, gomail.ErrSMTPData, gomail.ErrSMTPDataClose:
		switch {
		case permanent && blamesAddress(failure):
			return fmt.Errorf("%w: %w", ErrAddress, err)
		case permanent:
			return fmt.Errorf("%w: %w", ErrMessage, err)
		case failure.Reason == gomail.ErrSMTPDataClose && failure.ErrorCode() == 0:
			return fmt.Errorf("%w: %w", ErrUncertain, err)
		}
	}
	// What is refused before a recipient is named, for good or not, is a matter
	// between the server and us, and somebody will mend it.
	return fmt.Errorf("send a message: %w", err)
}

// blamesAddress tells a bad address from other permanent refusals. Enhanced codes
// (RFC 3463) say it: 5.1.x is about the address, 5.2.1 a mailbox that is closed;
// 5.7.x is policy, such as a relay that does not know us any more, and must not
// cost anyone the subscription. Servers without them mean the mailbox by 550,
// 551 and 553 when asked for the recipient.
func blamesAddress(failure *gomail.SendError) bool {
	if code := failure.EnhancedStatusCode(); code != "" {
		return strings.HasPrefix(code, "5.1.") && code != "5.1.7" && code != "5.1.8" || code == "5.2.1"
	}
	if failure.Reason != gomail.ErrSMTPRcptTo {
		return false
	}
	switch failure.ErrorCode() {
	case 550, 551, 553:
		return true
	}
	return false
}
