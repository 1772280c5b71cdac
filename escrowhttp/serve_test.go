package escrowhttp_test

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"testing"
	"time"

	"github.com/escrow-go/escrow/escrowhttp"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// underway is a server with one request that it is in the midst of.
type underway struct {
	address string
	stop    context.CancelFunc
	ended   chan error
	gaveUp  chan struct{} // the request was told to give up
	finish  chan struct{} // lets the request finish
	answer  chan string   // what the caller got, "" when it was cut off
}

func begin(t *testing.T, o escrowhttp.ServeOptions) *underway {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	u := &underway{address: l.Addr().String(), ended: make(chan error, 1), gaveUp: make(chan struct{}), finish: make(chan struct{}), answer: make(chan string, 1)}
	arrived := make(chan struct{})
	h := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		close(arrived)
		go func() { <-r.Context().Done(); close(u.gaveUp) }()
		<-u.finish
		_, _ = io.WriteString(w, "done")
	})
	own, stop := context.WithCancel(ctx)
	u.stop = stop
	go func() { u.ended <- escrowhttp.Serve(own, l, h, o) }()
	go func() {
		got, err := http.Get("http://" + u.address)
		if err != nil {
			u.answer <- ""
			return
		}
		text, _ := io.ReadAll(got.Body)
		_ = got.Body.Close()
		u.answer <- string(text)
	}()
	<-arrived
	return u
}

// refuses waits until the server accepts no connection any more.
func (u *underway) refuses() {
	for {
		c, err := net.Dial("tcp", u.address)
		if err != nil {
			return
		}
		_ = c.Close()
	}
}

// TestGraceful: a server that stops accepts nothing new and finishes what is under way.
func TestGraceful(t *testing.T) {
	u := begin(t, escrowhttp.ServeOptions{Grace: time.Hour})
	u.stop()
	u.refuses()
	select {
	case err := <-u.ended:
		t.Fatal("it did not wait for the request under way", err)
	case <-u.gaveUp:
		t.Fatal("the request was told to give up")
	default:
	}
	close(u.finish)
	assert.Equal(t, "done", <-u.answer)
	require.NoError(t, <-u.ended)
}

// TestGivesUp: what is not finished in time is told to give up, and may say so.
func TestGivesUp(t *testing.T) {
	u := begin(t, escrowhttp.ServeOptions{Grace: time.Millisecond, Kill: time.Hour})
	u.stop()
	<-u.gaveUp
	close(u.finish)
	assert.Equal(t, "done", <-u.answer)
	require.NoError(t, <-u.ended)
}

// TestKilled: what does not give up either is cut off.
func TestKilled(t *testing.T) {
	u := begin(t, escrowhttp.ServeOptions{Grace: time.Millisecond, Kill: time.Millisecond})
	u.stop()
	require.ErrorIs(t, <-u.ended, context.DeadlineExceeded)
	assert.Empty(t, <-u.answer)
	close(u.finish)
}

// TestListenerFails: without its listener the server ends with what went wrong.
func TestListenerFails(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	require.NoError(t, l.Close())
	err = escrowhttp.Serve(ctx, l, http.NotFoundHandler(), escrowhttp.ServeOptions{})
	require.True(t, errors.Is(err, net.ErrClosed), "%v", err)
}
