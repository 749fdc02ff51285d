package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"subclip/accounts"
)

// What the first start of subclip up leaves in the data folder, for its owner to
// read.
const (
	accountFile = "account.txt" // address and password of the account
	tokenFile   = "token"       // a token of its, for programs on this machine
	firstEmail  = "admin@localhost"
)

// firstAccount makes an account where there are no people yet, so that everything
// can be tried at once, and says where its password is.
func firstAccount(ctx context.Context, a *accounts.Accounts, data string, stdout io.Writer) error {
	people, err := a.People(ctx, "", "", 1)
	if err != nil || len(people) > 0 {
		return err
	}
	password := accounts.NewPassword()
	account := filepath.Join(data, accountFile)
	if err := writeSecret(account, fmt.Sprintf("%s\n%s\n", firstEmail, password)); err != nil {
		return err
	}
	person, err := a.Add(ctx, firstEmail, password, accounts.Admin, accounts.Profile{Name: "Administrator"})
	if err != nil {
		return err
	}
	scopes := []accounts.Scope{accounts.ScopeRead, accounts.ScopeDownload, accounts.ScopePublish, accounts.ScopeManage}
	_, secret, err := a.NewToken(ctx, person, "this machine", scopes, accounts.MaxTokenLife, accounts.Origin{})
	if err != nil {
		return err
	}
	if err := writeSecret(filepath.Join(data, tokenFile), secret+"\n"); err != nil {
		return err
	}
	_, _ = fmt.Fprintf(stdout, "A first account was made: %s, password %s\n(both in %s; a token for programs is in %s beside it)\n",
		firstEmail, password, account, tokenFile)
	return nil
}

// writeSecret writes a file that only its owner can read.
func writeSecret(path, text string) error {
	if err := os.Remove(path); err != nil && !os.IsNotExist(err) {
		return fmt.Errorf("replace a secret: %w", err)
	}
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		return fmt.Errorf("keep a secret: %w", err)
	}
	return nil
}

// ownToken reads the token of the first account; it is empty where there is none,
// or none that is still good.
func ownToken(ctx context.Context, a *accounts.Accounts, data string) (string, error) {
	text, err := os.ReadFile(filepath.Join(data, tokenFile))
	if os.IsNotExist(err) {
		return "", nil
	}
	if err != nil {
		return "", fmt.Errorf("read the token of the first account: %w", err)
	}
	token := strings.TrimSpace(string(text))
	if _, good, err := a.ByToken(ctx, token); err != nil || !good {
		return "", err
	}
	return token, nil
}
