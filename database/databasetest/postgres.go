package databasetest

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"slices"
	"strconv"
	"syscall"
	"time"

	"subclip/database"
	"subclip/process"
)

// startPostgres runs a PostgreSQL server on a socket in a folder that it makes.
// It keeps nothing: what is written is not waited for.
func startPostgres(folder string) (address string, stop func(), err error) {
	initdb, err := findPostgres("initdb")
	if err != nil {
		return "", nil, err
	}
	if err := os.Mkdir(folder, 0o700); err != nil {
		return "", nil, fmt.Errorf("make a folder for PostgreSQL: %w", err)
	}
	owner, err := postgresUser(folder)
	if err != nil {
		return "", nil, err
	}
	data := filepath.Join(folder, "data")
	command := func(program string, args ...string) *exec.Cmd {
		cmd := process.Command(context.Background(), program, args...)
		cmd.SysProcAttr.Credential, cmd.Dir = owner, folder
		return cmd
	}
	out, err := command(initdb, "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-locale", "--no-sync").CombinedOutput()
	if err != nil {
		return "", nil, fmt.Errorf("initdb: %w: %s", err, out)
	}
	log, err := os.Create(filepath.Join(folder, "log"))
	if err != nil {
		return "", nil, fmt.Errorf("make the log of PostgreSQL: %w", err)
	}
	server := command(filepath.Join(filepath.Dir(initdb), "postgres"), "-D", data, "-k", folder, "-c", "listen_addresses=",
		"-c", "fsync=off", "-c", "synchronous_commit=off", "-c", "full_page_writes=off", "-c", "max_connections=200")
	server.Stdout, server.Stderr = log, log
	if err := server.Start(); err != nil {
		return "", nil, fmt.Errorf("start PostgreSQL: %w", err)
	}
	stop = func() {
		_ = server.Process.Signal(syscall.SIGINT) // a fast shutdown
		_ = server.Wait()
	}
	address = "postgres://postgres@/postgres?" + url.Values{"host": {folder}}.Encode()
	if err := awaitPostgres(address); err != nil {
		stop()
		said, _ := os.ReadFile(log.Name())
		return "", nil, fmt.Errorf("%w: %s", err, said)
	}
	return address, stop, nil
}

// findPostgres looks where Debian puts the server's programs, out of the PATH.
func findPostgres(program string) (string, error) {
	if path, err := exec.LookPath(program); err == nil {
		return path, nil
	}
	paths, err := filepath.Glob("/usr/lib/postgresql/*/bin/" + program)
	if err != nil || len(paths) == 0 {
		return "", errors.Join(fmt.Errorf("%s is not installed: run `apt-get install postgresql`", program), err)
	}
	slices.Sort(paths)
	return paths[len(paths)-1], nil
}

// postgresUser gives the folder to the user as whom PostgreSQL is to run, which
// must not be root.
func postgresUser(folder string) (*syscall.Credential, error) {
	if os.Getuid() != 0 {
		return nil, nil //nolint:nilnil // it runs as we do
	}
	account, err := user.Lookup("postgres")
	if err != nil {
		return nil, fmt.Errorf("PostgreSQL does not run as root: %w", err)
	}
	uid, uidErr := strconv.ParseUint(account.Uid, 10, 32)
	gid, gidErr := strconv.ParseUint(account.Gid, 10, 32)
	if err := errors.Join(uidErr, gidErr, os.Chown(folder, int(uid), int(gid))); err != nil {
		return nil, fmt.Errorf("give PostgreSQL its folder: %w", err)
	}
	return &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}, nil
}

func awaitPostgres(address string) error {
	db, err := database.Open(database.Config{URL: address})
	if err != nil {
		return err
	}
	defer func() { _ = db.Close() }()
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	for {
		err := db.PingContext(ctx)
		if err == nil {
			return nil
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("PostgreSQL does not answer: %w", err)
		case <-tick.C:
		}
	}
}
