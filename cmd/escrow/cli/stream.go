package cli

import (
	"bufio"
	"bytes"
	"io"
)

const (
	// bufferSize is what is read and written at once.
	bufferSize = 64 << 10
	// keptSize is how large a buffer may be that is kept from line to line.
	keptSize = 1 << 20
)

// stream answers a request a line, in order, in constant memory.
func stream(in io.Reader, out io.Writer, known shelf) error {
	w := bufio.NewWriterSize(out, bufferSize)
	l := lines{r: bufio.NewReaderSize(flushing{in, w}, bufferSize)}
	a := answerer{known: known}
	var answer []byte
	for {
		line, err := l.next()
		switch {
		case err == io.EOF:
			return w.Flush()
		case err == errTooLong:
			answer = appendRefusal(answer[:0], tooLong(l.number))
		case err != nil:
			return err
		case blank(line):
			continue
		default:
			answer = a.answer(answer[:0], line, l.number)
		}
		answer = append(answer, '\n')
		if _, err := w.Write(answer); err != nil {
			return err
		}
		answer = kept(answer)
	}
}

// flushing is a reader that first sends off what has been answered: before it
// waits for more, nobody else has to.
type flushing struct {
	io.Reader
	w *bufio.Writer
}

// Read flushes and reads.
func (f flushing) Read(p []byte) (int, error) {
	if err := f.w.Flush(); err != nil {
		return 0, err
	}
	return f.Reader.Read(p)
}

// blank reports whether a line is nothing but white space.
func blank(line []byte) bool { return len(bytes.TrimLeft(line, " \t\r\n")) == 0 }

// kept returns the buffer for the next line, unless this one made it huge.
func kept(buffer []byte) []byte {
	if cap(buffer) > keptSize {
		return nil
	}
	return buffer
}
