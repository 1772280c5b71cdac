package cli

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
	// long gathers a line that the reader's buffer cannot hold.
	long []byte
}

// next returns the next line, good until the next call, io.EOF after the last
// and errTooLong for one that it has passed over.
func (l *lines) next() ([]byte, error) {
	l.number++
	part, err := l.r.ReadSlice('\n')
	if err == nil {
		return part, nil
	}
	l.long = kept(l.long)[:0]
	for err == bufio.ErrBufferFull {
		if len(l.long)+len(part) > maxRequest {
			return nil, l.skip()
		}
		l.gather(part)
		part, err = l.r.ReadSlice('\n')
	}
	if err != nil && err != io.EOF {
		return nil, err
	}
	part = bytes.TrimSuffix(part, newline)
	if len(l.long)+len(part) > maxRequest {
		return nil, errTooLong
	}
	if l.gather(part); err == io.EOF && len(l.long) == 0 {
		return nil, io.EOF
	}
	return l.long, nil
}

// gather adds to a long line. It grows to no more than a request may have.
func (l *lines) gather(part []byte) {
	if size := len(l.long) + len(part); size > cap(l.long) {
		l.long = append(make([]byte, 0, min(2*size, maxRequest)), l.long...)
	}
	l.long = append(l.long, part...)
}

// skip passes over the rest of a line without keeping it.
func (l *lines) skip() error {
	l.long = nil
	_, err := l.r.ReadSlice('\n')
	for err == bufio.ErrBufferFull {
		_, err = l.r.ReadSlice('\n')
	}
	if err == nil || err == io.EOF {
		return errTooLong
	}
	return err
}
