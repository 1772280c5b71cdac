package cli

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"sync"

	"github.com/escrow-go/escrow/escrowhttp"
	"github.com/escrow-go/escrow/escrowsql"
	"github.com/escrow-go/escrow/marketplace"
	"github.com/escrow-go/escrow/marketplace/people"
)

type serveCmd struct {
	Listen     string `default:"127.0.0.1:8080" placeholder:"HOST:PORT" help:"Where to answer (${default}); a sandbox on this machine only."`
	Live       bool   `help:"Move real money, by the rail that the program was built with."`
	URL        string `placeholder:"https://…" help:"Where browsers find a live marketplace."`
	Operations string `placeholder:"HOST:PORT" help:"Where a live marketplace answers /healthz, /readyz and /metrics."`
	OIDC       string `name:"oidc" placeholder:"ISSUER" help:"Have people sign in by this OpenID provider; $ESCROW_OIDC_ID and $ESCROW_OIDC_SECRET are the client's."`
	railFlag
}

// Help describes the command in detail.
func (serveCmd) Help() string {
	return `A sandbox, unless --live is given: made-up money, a clock that can be moved,
anybody can play anybody; it answers on this machine only. Without --database it is
kept in a temporary folder and forgotten at the end. A database is a sandbox's or live
from its making.

Examples:
  escrowd serve                                              a sandbox to look at
  escrowd serve --database shop.db                           one that is kept
  escrowd serve --live --url https://market.example --database postgres://… --rail …

Exit status: 0 interrupted, 2 unusable.`
}

// Run serves until the call is interrupted.
func (c *serveCmd) Run(j *job) error {
	o, err := c.options(j)
	if err != nil {
		return err
	}
	listener, err := net.Listen("tcp", c.Listen)
	if err != nil {
		return fmt.Errorf("cannot listen on %s: %w; --listen names another address", c.Listen, err)
	}
	defer func() { _ = listener.Close() }()
	if !c.Live {
		if !marketplace.Loopback(listener) {
			return fmt.Errorf("a sandbox answers on this machine only: --listen 127.0.0.1:8080, not %s", c.Listen)
		}
		o.Origin = fmt.Sprintf("http://localhost:%d", listener.Addr().(*net.TCPAddr).Port)
	}
	if _, _, err := connect(j, o.Database); err != nil {
		return err
	}
	market, err := marketplace.Open(j, o)
	if err != nil {
		return err
	}
	defer func() { _ = market.Close() }()
	leave, err := market.Runner.Store.Alone(j)
	if err != nil {
		return err
	}
	leave()
	handler, err := market.Handler()
	if err != nil {
		return err
	}
	j.out.lines(servingLine{o.Origin, j.Database}, c.banner(j, o.Origin))
	return c.serve(j, market, listener, handler)
}

type servingLine struct {
	Address  string `json:"address"`
	Database string `json:"database"`
}

// banner tells where to look first.
func (c *serveCmd) banner(j *job, origin string) string {
	if c.Live {
		return fmt.Sprintf("Live on %s, behind %s.", c.Listen, origin)
	}
	kept := "It is forgotten when you stop it; --database FILE keeps one."
	if j.Database != "" {
		kept = "It is kept in " + redact(j.Database, j.Database) + "."
	}
	return fmt.Sprintf(`A sandbox: no money here is real. %s

  %s               pages; take a role and move the clock at %s/sandbox
  %s/openapi.json every lifecycle; OpenContract at /v1, OpenTrain at /api/public/v1

  curl -s %s/sandbox/keys -H 'Content-Type: application/json' -d '{"account":"acct_clara"}'
  curl -s %s/lifecycles/opencontract/contracts/first-task -H 'Authorization: Bearer KEY'
  curl -s %s/sandbox/people -H 'Content-Type: application/json' -d '{"name":"Clara","account":"acct_clara"}'
                                      a link for a passkey, which signs approvals

Stop it with Ctrl-C.`, kept, origin, origin, origin, origin, origin, origin)
}

// options are the marketplace's; what cannot be is said before anything is opened.
func (c *serveCmd) options(j *job) (o marketplace.Options, err error) {
	o = marketplace.Options{Database: j.Database, Kind: marketplace.SandboxKind, Migrate: escrowsql.MigrateAuto, Log: slog.New(slog.NewTextHandler(j.std.Err, &slog.HandlerOptions{Level: slog.LevelWarn}))}
	if j.Migrate != "" {
		o.Migrate = escrowsql.Migrate(j.Migrate)
	}
	if c.OIDC != "" {
		o.OIDC = &people.OIDC{Issuer: c.OIDC, ClientID: os.Getenv("ESCROW_OIDC_ID"), ClientSecret: os.Getenv("ESCROW_OIDC_SECRET")}
	}
	if !c.Live {
		if c.URL != "" || c.Operations != "" || c.Rail != "" {
			return o, errors.New("--url, --operations and --rail are of a live marketplace: give --live, or leave them out")
		}
		if o.Database == "" {
			dir, err := os.MkdirTemp("", "escrow-sandbox")
			if err != nil {
				return o, err
			}
			j.leave = append(j.leave, func() error { return os.RemoveAll(dir) })
			o.Database = filepath.Join(dir, "sandbox.db")
		}
		return o, nil
	}
	o.Kind, o.Origin = marketplace.LiveKind, c.URL
	switch {
	case c.URL == "":
		return o, errors.New("where do browsers find it? --url https://… says")
	case j.Database == "":
		return o, errors.New("which database? --database FILE or postgres://… says")
	case j.command.Rails == nil:
		return o, errors.New("this program knows no rail for real money: build your own with cli.Command{Rails: …}, or leave --live out for a sandbox")
	}
	rail, leave, err := j.command.Rails(j, c.Rail, systemClock{})
	if err != nil {
		return o, fmt.Errorf("the rail %s cannot be used: %w", c.Rail, err)
	}
	if leave != nil {
		j.leave = append([]func() error{leave}, j.leave...)
	}
	o.Rail = rail
	return o, nil
}

// serve answers requests and does the timed work until the call is interrupted.
func (c *serveCmd) serve(j *job, market *marketplace.Market, listener net.Listener, handler http.Handler) error {
	ctx, stop := context.WithCancel(j)
	defer stop()
	var work sync.WaitGroup
	failed := make(chan error, 3)
	do := func(f func() error) {
		work.Go(func() {
			defer stop()
			if err := f(); err != nil && !errors.Is(err, context.Canceled) {
				failed <- err
			}
		})
	}
	if c.Operations != "" {
		watched, err := net.Listen("tcp", c.Operations)
		if err != nil {
			return fmt.Errorf("cannot listen on %s: %w; --operations names another address", c.Operations, err)
		}
		do(func() error { return escrowhttp.Serve(ctx, watched, market.Operations(), escrowhttp.ServeOptions{}) })
	}
	do(func() error { return market.Run(ctx) })
	do(func() error { return escrowhttp.Serve(ctx, listener, handler, escrowhttp.ServeOptions{}) })
	work.Wait()
	select {
	case err := <-failed:
		return err
	default:
		return nil
	}
}
