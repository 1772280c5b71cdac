package cli

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net/url"
	"os"
	"strings"
	"time"

	"github.com/escrow-go/escrow"
	"github.com/escrow-go/escrow/escrowrun"
	"github.com/escrow-go/escrow/escrowrun/sandbox"
	"github.com/escrow-go/escrow/escrowsql"
)

// common is what every command takes.
type common struct {
	Database string `env:"ESCROW_DATABASE" placeholder:"FILE|postgres://…" help:"The database of the store."`
	Migrate  string `enum:",auto,check" default:"" placeholder:"auto|check" help:"Whether an older database is brought up to date (auto) or refused (check). restore and work bring it up to date, all else refuses, unless told."`
	JSON     bool   `name:"json" help:"Print one JSON object a line."`
}

// job is one call: what it was asked, and what it has opened.
type job struct {
	context.Context
	common
	command Command
	std     Stdio
	out     *output
	leave   []func() error
	rail    string // its address
	dialect *escrowsql.Dialect
}

func (j *job) close() {
	for _, f := range j.leave {
		_ = f()
	}
}

// store opens the store as it is; it must be there.
func (j *job) store() (*escrowsql.Store, error) {
	if j.Database != "" && !isPostgres(j.Database) {
		if _, err := os.Stat(j.Database); errors.Is(err, fs.ErrNotExist) {
			return nil, fmt.Errorf("there is no database %s; --database names the file of an existing store, or postgres://…", j.Database)
		}
	}
	return j.open(escrowsql.MigrateCheck)
}

// open opens the store, made first where that is the way of the command.
func (j *job) open(how escrowsql.Migrate) (*escrowsql.Store, error) {
	if j.Database == "" {
		return nil, errors.New("which database? --database FILE, --database postgres://… or $ESCROW_DATABASE says")
	}
	if j.Migrate != "" {
		how = escrowsql.Migrate(j.Migrate)
	}
	db, dialect, err := connect(j, j.Database)
	if err != nil {
		return nil, err
	}
	j.dialect = dialect
	store, err := escrowsql.Open(j, db, dialect, j.command.Lifecycles, escrowsql.Options{Migrate: how})
	if errors.Is(err, escrowsql.ErrOlderSchema) {
		return nil, fmt.Errorf("%w; is it the right database? --migrate=auto brings it up to date", err)
	}
	return store, err
}

// connect opens a database and makes sure that it answers.
func connect(j *job, address string) (*sql.DB, *escrowsql.Dialect, error) {
	db, dialect, err := escrowsql.Connect(address)
	if err == nil {
		j.leave = append(j.leave, db.Close)
		ctx, stop := context.WithTimeout(j, 15*time.Second)
		defer stop()
		var one int
		err = db.QueryRowContext(ctx, `SELECT 1`).Scan(&one)
	}
	if err != nil {
		return nil, nil, fmt.Errorf("the database %s cannot be used; it must be a file of SQLite, or a server that runs and lets one in: %w", address, err)
	}
	return db, dialect, nil
}

// railFlag is what commands take that ask the rail.
type railFlag struct {
	Rail string `placeholder:"FILE|URL" help:"The rail's address; of the sandbox, the database of its own."`
}

// runner opens the store and a runner with its rail.
func (j *job) runner(address string, how escrowsql.Migrate) (*escrowrun.Runner, error) {
	if address == "" {
		return nil, errors.New("which rail? --rail says; of the sandbox it names a database of its own")
	}
	j.rail = address
	store, err := j.open(how)
	if err != nil {
		return nil, err
	}
	rails := j.command.Rails
	if rails == nil {
		rails = Sandbox
	}
	rail, leave, err := rails(j, address, systemClock{})
	if err != nil {
		return nil, fmt.Errorf("the rail %s cannot be used: %w", address, err)
	}
	if leave != nil {
		j.leave = append([]func() error{leave}, j.leave...)
	}
	r := &escrowrun.Runner{Store: store, Rail: rail, Log: slog.New(slog.NewTextHandler(j.std.Err, nil))}
	if j.command.Prepare != nil {
		j.command.Prepare(r)
	}
	return r, nil
}

// systemClock is the time of the machine.
type systemClock struct{}

func (systemClock) Now() time.Time { return time.Now() }

// Sandbox opens a rail with made-up money, kept in the database at the address.
func Sandbox(ctx context.Context, address string, clock escrow.Clock) (escrowrun.Rail, func() error, error) {
	db, _, err := escrowsql.Connect(address)
	if err != nil {
		return nil, nil, err
	}
	rail, err := sandbox.Open(ctx, db, clock)
	if err != nil {
		_ = db.Close()
		return nil, nil, err
	}
	return rail, db.Close, nil
}

func isPostgres(address string) bool {
	return strings.HasPrefix(address, "postgres://") || strings.HasPrefix(address, "postgresql://")
}

// plain returns an error in one line, without passwords.
func (j *job) plain(err error) string {
	text := redact(redact(err.Error(), j.Database), j.rail)
	return clean(strings.Join(strings.Fields(strings.TrimPrefix(text, "escrow: ")), " "))
}

// redact takes the password of an address out of a text.
func redact(text, address string) string {
	if !isPostgres(address) {
		return text
	}
	for _, secret := range secrets(address) {
		text = strings.ReplaceAll(text, secret, "xxxxx")
	}
	return text
}

// secrets returns what must not be told of an address, which may be a bad one.
func secrets(address string) (list []string) {
	_, rest, _ := strings.Cut(address, "://")
	if at := strings.LastIndex(rest, "@"); at >= 0 {
		if _, password, ok := strings.Cut(rest[:at], ":"); ok && password != "" {
			list = append(list, password)
			if plain, err := url.PathUnescape(password); err == nil && plain != password {
				list = append(list, plain)
			}
		}
	}
	_, query, _ := strings.Cut(rest, "?")
	for pair := range strings.SplitSeq(query, "&") {
		if name, value, _ := strings.Cut(pair, "="); strings.Contains(strings.ToLower(name), "password") && value != "" {
			list = append(list, value)
		}
	}
	return list
}
