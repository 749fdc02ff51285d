package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"text/tabwriter"

	"subclip/accounts"
)

type userCommand struct {
	Add  userAddCommand  `cmd:"" help:"Make an account, such as the first editor's; prints its password."`
	List userListCommand `cmd:"" help:"List people."`
	Role userRoleCommand `cmd:"" help:"Change what somebody may do; they sign in again."`
	Lift userLiftCommand `cmd:"" help:"End the second factor of somebody who has lost it; they sign in again."`

	Data string `help:"Folder of subclip up, whose database is used unless DATABASE_URL names another; default $SUBCLIP_DATA." type:"path" placeholder:"DIR"`
}

type userAddCommand struct {
	Email         string `required:"" help:"E-mail address." placeholder:"ADDRESS"`
	Role          string `required:"" help:"professional, editor or admin."`
	Name          string `help:"Name; default what stands before the @."`
	PasswordStdin bool   `help:"Read the password from the first line of the standard input instead of making one."`
}

func (c *userAddCommand) Run(ctx context.Context, up *userCommand, stdout io.Writer) error {
	return up.with(ctx, func(a *accounts.Accounts) error {
		password, told := accounts.NewPassword(), true
		if c.PasswordStdin {
			line, err := bufio.NewReader(os.Stdin).ReadString('\n')
			if err != nil && !errors.Is(err, io.EOF) {
				return fmt.Errorf("read the password: %w", err)
			}
			password, told = strings.TrimRight(line, "\r\n"), false
		}
		if c.Name == "" {
			c.Name, _, _ = strings.Cut(c.Email, "@")
		}
		person, err := a.Add(ctx, c.Email, password, accounts.Role(c.Role), accounts.Profile{Name: c.Name})
		if err != nil {
			return wrongUse(err)
		}
		_, _ = fmt.Fprintf(stdout, "%s is now %s\n", person.Email, person.Role)
		if told {
			_, _ = fmt.Fprintf(stdout, "password %s\n", password)
		}
		return nil
	})
}

type userListCommand struct{}

func (*userListCommand) Run(ctx context.Context, up *userCommand, stdout io.Writer) error {
	return up.with(ctx, func(a *accounts.Accounts) error {
		table := tabwriter.NewWriter(stdout, 0, 0, 2, ' ', 0)
		before := ""
		for {
			people, err := a.People(ctx, "", before, accounts.MaxPeople)
			if err != nil {
				return err
			}
			for _, p := range people {
				_, _ = fmt.Fprintf(table, "%s\t%s\t%s\t%s\n", p.Email, p.Role, p.CreatedAt.Format("2006-01-02"), p.Name)
				before = p.ID
			}
			if len(people) < accounts.MaxPeople {
				break
			}
		}
		if err := table.Flush(); err != nil {
			return fmt.Errorf("print the list: %w", err)
		}
		return nil
	})
}

type userRoleCommand struct {
	Email string `arg:"" help:"E-mail address of the account."`
	Role  string `arg:"" help:"professional, editor or admin."`
}

func (c *userRoleCommand) Run(ctx context.Context, up *userCommand, stdout io.Writer) error {
	return up.with(ctx, func(a *accounts.Accounts) error {
		person, err := a.ByEmail(ctx, c.Email)
		if err != nil {
			return wrongUse(err)
		}
		if err := a.SetRole(ctx, "", person.ID, accounts.Role(c.Role), accounts.Origin{}); err != nil {
			return wrongUse(err)
		}
		_, _ = fmt.Fprintf(stdout, "%s is now %s\n", person.Email, c.Role)
		return nil
	})
}

type userLiftCommand struct {
	Email string `arg:"" help:"E-mail address of the account."`
}

func (c *userLiftCommand) Run(ctx context.Context, up *userCommand, stdout io.Writer) error {
	return up.with(ctx, func(a *accounts.Accounts) error {
		person, err := a.ByEmail(ctx, c.Email)
		if err != nil {
			return wrongUse(err)
		}
		if err := a.LiftFactor(ctx, "", person.ID, accounts.Origin{}); err != nil {
			return err
		}
		_, _ = fmt.Fprintf(stdout, "%s signs in with the password alone: tell them\n", person.Email)
		return nil
	})
}

// with opens the accounts of the service's database, without anything else of the
// service.
func (c *userCommand) with(ctx context.Context, work func(*accounts.Accounts) error) (err error) {
	s, err := readSettings()
	if err != nil {
		return err
	}
	if c.Data != "" {
		s.Data = c.Data
	}
	if s.Data, err = filepath.Abs(s.Data); err != nil {
		return fmt.Errorf("find the data folder: %w", err)
	}
	if err := s.ownDatabase(); err != nil {
		return err
	}
	db, err := openDatabase(s)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	if err := db.CheckSchema(ctx); err != nil {
		return err
	}
	a, err := accounts.New(s.Accounts, db, nil, nil, slog.New(slog.DiscardHandler))
	if err != nil {
		return err
	}
	return work(a)
}

// ownDatabase says where the database of subclip up is, if none is named.
func (s *settings) ownDatabase() error {
	if s.Database.URL != "" {
		return nil
	}
	path := filepath.Join(s.Data, databaseFile)
	if _, err := os.Stat(path); err != nil {
		return fmt.Errorf("there is no database in %s: name the folder of subclip up with --data, or the database in DATABASE_URL", s.Data)
	}
	s.Database.URL = "sqlite://" + path
	return nil
}

// wrongUse makes wrong usage of what an argument got wrong.
func wrongUse(err error) error {
	if refusal, ok := errors.AsType[*accounts.Error](err); ok && refusal.Kind == accounts.Invalid {
		return usage("%s", refusal.Message)
	}
	return err
}
