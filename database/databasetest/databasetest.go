// Package databasetest gives the tests of rooms that keep rows a database: a
// SQLite file of the test's own, or a schema of its own in a PostgreSQL server
// that the tests of a package share.
package databasetest

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"subclip/database"

	"github.com/google/uuid"
)

// What Run tells the tests, in the environment.
const (
	postgresURL = "SUBCLIP_TEST_POSTGRES"
	noPostgres  = "SUBCLIP_TEST_NO_POSTGRES" // why there is none
)

// Kinds are the databases on which every test runs.
func Kinds() []string { return []string{"sqlite", "postgres"} }

// Run calls tests while a PostgreSQL server runs; it is what TestMain calls.
// Where none is installed, tests on it are skipped, unless CI is set.
func Run(tests func() int) (code int, err error) {
	dir, err := os.MkdirTemp("", "subclip-postgres-")
	if err != nil {
		return 1, fmt.Errorf("make a folder for PostgreSQL: %w", err)
	}
	defer func() { _ = os.RemoveAll(dir) }()
	if err := os.Chmod(dir, 0o755); err != nil { //nolint:gosec // PostgreSQL runs as another user
		return 1, fmt.Errorf("open the folder to PostgreSQL: %w", err)
	}
	url, stop, err := startPostgres(filepath.Join(dir, "postgres"))
	if err != nil {
		if os.Getenv("CI") == "true" {
			return 1, err
		}
		fmt.Fprintln(os.Stderr, "tests on PostgreSQL are skipped:", err)
		return with(noPostgres, err.Error(), tests)
	}
	defer stop()
	return with(postgresURL, url, tests)
}

func with(name, value string, tests func() int) (int, error) {
	if err := os.Setenv(name, value); err != nil {
		return 1, fmt.Errorf("tell the tests: %w", err)
	}
	return tests(), nil
}

// New makes a database without tables. Where PostgreSQL is missing, the test is
// skipped.
func New(tb testing.TB, kind string) database.Config {
	tb.Helper()
	if kind == "sqlite" {
		return database.Config{URL: "sqlite://" + filepath.Join(tb.TempDir(), "subclip.db")}
	}
	if why := os.Getenv(noPostgres); why != "" {
		tb.Skip(why)
	}
	schema := "test_" + strings.ReplaceAll(uuid.NewString(), "-", "")
	admin, err := database.Open(database.Config{URL: os.Getenv(postgresURL)})
	if err != nil {
		tb.Fatal(err)
	}
	_, err = admin.ExecContext(tb.Context(), "CREATE SCHEMA "+schema)
	if closed := admin.Close(); err != nil || closed != nil {
		tb.Fatal(err, closed)
	}
	return database.Config{URL: os.Getenv(postgresURL) + "&search_path=" + schema}
}
