package mailtest

import (
	"errors"
	"io"

	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"
)

// session is one connection's conversation.
type session struct {
	server *Server
	conn   *smtp.Conn
	mail   Message
}

// AuthMechanisms lists the ways to sign in.
func (s *session) AuthMechanisms() []string { return []string{sasl.Plain} }

// Auth lets somebody sign in.
func (s *session) Auth(string) (sasl.Server, error) {
	return sasl.NewPlainServer(func(_, user, password string) error {
		s.server.mu.Lock()
		defer s.server.mu.Unlock()
		if user+" "+password != s.server.login {
			return smtp.ErrAuthFailed
		}
		s.mail.User = user
		return nil
	}), nil
}

// Mail takes the sender.
func (s *session) Mail(from string, _ *smtp.MailOptions) error {
	s.server.mu.Lock()
	defer s.server.mu.Unlock()
	if s.server.login != "" && s.mail.User == "" {
		return smtp.ErrAuthRequired
	}
	s.mail.From = from
	return nil
}

// Rcpt takes the recipient.
func (s *session) Rcpt(to string, _ *smtp.RcptOptions) error {
	s.server.mu.Lock()
	defer s.server.mu.Unlock()
	if answer := s.server.answers[to]; answer != nil {
		return answer
	}
	s.mail.To = to
	return nil
}

// Data takes the message.
func (s *session) Data(r io.Reader) error {
	data, err := io.ReadAll(r)
	if err != nil {
		return err //nolint:wrapcheck // it goes back to the library
	}
	number, hook, err := s.take(data)
	if err != nil || hook == nil {
		return err
	}
	if err := hook(number); err != nil {
		return errors.Join(err, s.conn.Close())
	}
	return nil
}

func (s *session) take(data []byte) (number int, hook func(int) error, err error) {
	s.server.mu.Lock()
	defer s.server.mu.Unlock()
	if s.server.content != nil {
		return 0, nil, s.server.content
	}
	s.mail.Data = data
	_, s.mail.Secure = s.conn.TLSConnectionState()
	s.server.received = append(s.server.received, s.mail)
	return len(s.server.received), s.server.onMessage, nil
}

// Reset forgets a message that is begun.
func (s *session) Reset() { s.mail = Message{User: s.mail.User} }

// Logout ends the conversation.
func (s *session) Logout() error { return nil }
