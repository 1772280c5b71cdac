package main

import (
	"bufio"
	"bytes"
	"errors"
	"io"
)

var newline = []byte{'\n'}

// errTooLong says that a line has more than maxRequest bytes.
var errTooLong = errors.New("line too long")

// lines reads line by line.
type lines struct {
	r *bufio.Reader
	// number is that of the last line, counted from 1.
	number int
	// parts gathers a line that the reader's buffer cannot hold.
	parts []byte
}

// next returns the next line, good until the next call, io.EOF after the last
// and errTooLong for one that it has passed over.
func (l *lines) next() ([]byte, error) {
	l.number++
	l.parts = kept(l.parts)[:0]
	part, err := l.r.ReadSlice('\n')
	if err == nil {
		return part, nil
	}
	for err == bufio.ErrBufferFull {
		if l.parts = append(l.parts, part...); len(l.parts) > maxRequest {
			return nil, l.skip()
		}
		part, err = l.r.ReadSlice('\n')
	}
	if err != nil && err != io.EOF {
		return nil, err
	}
	l.parts = append(l.parts, bytes.TrimSuffix(part, newline)...)
	switch {
	case len(l.parts) > maxRequest:
		return nil, errTooLong
	case err == io.EOF && len(l.parts) == 0:
		return nil, io.EOF
	}
	return l.parts, nil
}

// skip passes over the rest of a line without keeping it.
func (l *lines) skip() error {
	l.parts = nil
	_, err := l.r.ReadSlice('\n')
	for err == bufio.ErrBufferFull {
		_, err = l.r.ReadSlice('\n')
	}
	if err == nil || err == io.EOF {
		return errTooLong
	}
	return err
}
