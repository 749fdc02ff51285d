package mail

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"
	gomail "github.com/wneessen/go-mail"
)

// extension of the files that hold a message each, in RFC 5322 form.
const extension = ".eml"

// keep writes a message into the folder. Names sort by time, and a file has its
// name only once it is whole.
func (m *Mailer) keep(message *gomail.Msg) error {
	id, err := uuid.NewV7()
	if err != nil {
		return fmt.Errorf("name a message: %w", err)
	}
	path := filepath.Join(m.folder, time.Now().UTC().Format("20060102T150405.000Z")+"-"+id.String())
	file, err := os.OpenFile(path+".part", os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return fmt.Errorf("keep a message: %w", err)
	}
	_, err = message.WriteTo(file)
	if err = errors.Join(err, file.Close()); err == nil {
		err = os.Rename(file.Name(), path+extension)
	}
	if err != nil {
		return errors.Join(fmt.Errorf("keep a message: %w", err), os.Remove(file.Name()))
	}
	m.log.Info("a message is kept instead of being sent", "file", path+extension)
	return nil
}

// kept lists the messages in the folder, newest first, at most limit.
func (m *Mailer) kept(limit int) ([]string, error) {
	entries, err := os.ReadDir(m.folder)
	if err != nil {
		return nil, fmt.Errorf("read the folder of messages: %w", err)
	}
	var names []string
	for _, entry := range slices.Backward(entries) {
		if name, ok := strings.CutSuffix(entry.Name(), extension); ok && len(names) < limit {
			names = append(names, name)
		}
	}
	return names, nil
}
