package escrowhttp

import (
	"context"
	"errors"
	"io"
	"log"
	"log/slog"
	"net"
	"net/http"
	"time"
)

// ServeOptions are how long a server waits for its callers, and for itself to stop. What
// is 0 has its default.
type ServeOptions struct {
	// Header is how long the head of a request may take to arrive, and MaxHeader its
	// greatest number of bytes: 5 s and 32 KiB.
	Header    time.Duration
	MaxHeader int
	// Read is how long a whole request may take to arrive, Write how long it and its
	// answer may take, Idle how long a connection without one is kept: 30 s, 60 s, 120 s.
	Read, Write, Idle time.Duration
	// Grace is how long requests under way may take once the server stops, and Kill how
	// long after that they have when they are told to give up: 20 s and 5 s.
	Grace, Kill time.Duration
	// Log is told what goes wrong with connections; nil tells nobody.
	Log *slog.Logger
}

// Serve answers requests on a listener until the context ends. It then accepts nothing
// new, finishes what is under way, and returns nil. What is not finished within Grace is
// told to give up by its context, and is cut off after Kill: the error then is
// [context.DeadlineExceeded].
func Serve(ctx context.Context, l net.Listener, h http.Handler, o ServeOptions) error {
	requests, giveUp := context.WithCancel(context.WithoutCancel(ctx))
	defer giveUp()
	server := &http.Server{
		Handler: h, BaseContext: func(net.Listener) context.Context { return requests },
		ReadHeaderTimeout: or(o.Header, 5*time.Second), MaxHeaderBytes: or(o.MaxHeader, 32<<10),
		ReadTimeout: or(o.Read, 30*time.Second), WriteTimeout: or(o.Write, time.Minute), IdleTimeout: or(o.Idle, 2*time.Minute),
		ErrorLog: log.New(io.Discard, "", 0),
	}
	if o.Log != nil {
		server.ErrorLog = slog.NewLogLogger(o.Log.Handler(), slog.LevelWarn)
	}
	ended := make(chan error, 1)
	go func() { ended <- server.Serve(l) }()
	select {
	case err := <-ended:
		return err // the listener failed
	case <-ctx.Done():
	}
	err := stop(server, or(o.Grace, 20*time.Second))
	if errors.Is(err, context.DeadlineExceeded) {
		giveUp()
		if err = stop(server, or(o.Kill, 5*time.Second)); err != nil {
			err = errors.Join(err, server.Close())
		}
	}
	<-ended
	return err
}

// stop waits for the requests under way, as long as it may take.
func stop(server *http.Server, limit time.Duration) error {
	ctx, cancel := context.WithTimeout(context.Background(), limit)
	defer cancel()
	return server.Shutdown(ctx)
}
