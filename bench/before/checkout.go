package before

import (
	"archive/tar"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
)

// Commit is the one that the engine is measured beside: the last before it knew no
// lifecycle.
const Commit = "24c7876"

// checkOut puts the sources of [Commit] into a folder, with the program that
// measures them.
func checkOut(ctx context.Context, dir string) error {
	cmd := exec.CommandContext(ctx, "git", "archive", Commit)
	root, err := exec.CommandContext(ctx, "git", "rev-parse", "--show-toplevel").Output()
	if err != nil {
		return fmt.Errorf("the earlier engine is taken from git: %w", err)
	}
	cmd.Dir = string(bytes.TrimSpace(root))
	archive, err := cmd.Output()
	if err != nil {
		return fmt.Errorf("git archive %s (is the clone shallow?): %w", Commit, err)
	}
	if err := unpack(bytes.NewReader(archive), dir); err != nil {
		return err
	}
	for from, to := range map[string]string{
		"testdata/then/main.go": "measure/main.go", "loops/loops.go": "measure/loops/loops.go"} {
		if err := copyFile(from, filepath.Join(dir, to)); err != nil {
			return err
		}
	}
	return nil
}

// unpack writes the files of an archive below a folder.
func unpack(archive io.Reader, dir string) error {
	files := tar.NewReader(archive)
	for {
		h, err := files.Next()
		switch {
		case errors.Is(err, io.EOF):
			return nil
		case err != nil:
			return err
		case h.Typeflag != tar.TypeReg || !filepath.IsLocal(h.Name):
			continue
		}
		content, err := io.ReadAll(files)
		if err != nil {
			return err
		}
		if err := write(filepath.Join(dir, h.Name), content); err != nil {
			return err
		}
	}
}

func copyFile(from, to string) error {
	content, err := os.ReadFile(from)
	if err != nil {
		return err
	}
	return write(to, content)
}

func write(path string, content []byte) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	return os.WriteFile(path, content, 0o644)
}

// build builds a program, with the modules of its own folder alone when it is the
// earlier one.
func build(ctx context.Context, dir, pkg, to string, env ...string) error {
	cmd := exec.CommandContext(ctx, "go", "build", "-o", to, pkg)
	cmd.Dir, cmd.Env = dir, append(os.Environ(), env...)
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("go build %s: %w\n%s", pkg, err, out)
	}
	return nil
}
