package escrowtest

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// Leave writes the failure into a folder, which is made if it is missing: the
// transcript (story.txt), a Go test to paste (story_test.go.txt) and a page that
// opens offline (story.html). It returns the files that it wrote.
func (f *Failure) Leave(folder string) (files []string, err error) {
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return nil, err
	}
	for _, a := range []struct {
		name string
		make func() (string, error)
	}{
		{"story.txt", func() (string, error) { return f.String() + "\n", nil }},
		{"story_test.go.txt", func() (string, error) { return f.Test(), nil }},
		{"story.html", f.Page},
	} {
		text, err := a.make()
		if err != nil {
			return files, err
		}
		path := filepath.Join(folder, a.name)
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			return files, err
		}
		files = append(files, path)
	}
	return files, nil
}

// Test returns a Go test that tells the story again. Its newSystem is yours, and so
// is the package of the lifecycle.
func (f *Failure) Test() string {
	return fmt.Sprintf(`// %s
func TestStory(t *testing.T) {
	escrowtest.Replay(t, newSystem(t), %s, %s.Lifecycle)
}
`, strings.Join(strings.Fields(f.headline()), " "), quoted(f.written()), f.Story.Begin.Lifecycle().Name())
}

// written returns the story as it was told.
func (f *Failure) written() string {
	if f.told != nil {
		return f.told.Written()
	}
	return f.Story.Written()
}

// quoted returns text as a Go string that can be read.
func quoted(text string) string {
	if strings.Contains(text, "`") {
		return fmt.Sprintf("%q", text)
	}
	return "`\n" + text + "`"
}
