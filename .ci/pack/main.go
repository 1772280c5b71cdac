// Command pack lays the modules of this repository into a folder that the go
// command reads as a module proxy, all under one version:
//
//	pack -version v0.1.0 -proxy DIR MODULE…
//
// With GOPROXY pointing at the folder first, a module is then installed as
// strangers will install it: from its packed files alone, without the workspace.
package main

import (
	"encoding/json"
	"flag"
	"fmt"
	"log"
	"os"
	"path/filepath"
	"time"

	"golang.org/x/mod/modfile"
	"golang.org/x/mod/module"
	"golang.org/x/mod/zip"
)

func main() {
	log.SetFlags(0)
	version := flag.String("version", "v0.0.0", "the version of all modules")
	proxy := flag.String("proxy", "", "the folder to lay them into")
	flag.Parse()
	if *proxy == "" || flag.NArg() == 0 {
		log.Fatal("usage: pack -version v0.1.0 -proxy DIR MODULE…")
	}
	for _, dir := range flag.Args() {
		path, err := pack(dir, *version, *proxy)
		if err != nil {
			log.Fatalf("pack %s: %v", dir, err)
		}
		fmt.Printf("packed %s@%s\n", path, *version)
	}
}

// pack lays one module into the proxy and returns its path.
func pack(dir, version, proxy string) (string, error) {
	text, err := os.ReadFile(filepath.Join(dir, "go.mod"))
	if err != nil {
		return "", err
	}
	file, err := modfile.Parse("go.mod", text, nil)
	if err != nil {
		return "", err
	}
	if len(file.Replace) > 0 {
		return "", fmt.Errorf("go.mod has a replace: what is released must not")
	}
	m := module.Version{Path: file.Module.Mod.Path, Version: version}
	escaped, err := module.EscapePath(m.Path)
	if err != nil {
		return "", err
	}
	folder := filepath.Join(proxy, filepath.FromSlash(escaped), "@v")
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return "", err
	}
	return m.Path, lay(folder, dir, m, text)
}

// lay writes the four files that a proxy has of a version.
func lay(folder, dir string, m module.Version, gomod []byte) error {
	info, err := json.Marshal(struct {
		Version string
		Time    time.Time
	}{m.Version, time.Unix(0, 0).UTC()})
	if err != nil {
		return err
	}
	for name, text := range map[string][]byte{"list": []byte(m.Version + "\n"), m.Version + ".info": info, m.Version + ".mod": gomod} {
		if err := os.WriteFile(filepath.Join(folder, name), text, 0o644); err != nil {
			return err
		}
	}
	out, err := os.Create(filepath.Join(folder, m.Version+".zip"))
	if err != nil {
		return err
	}
	if err := zip.CreateFromDir(out, m, dir); err != nil {
		return err
	}
	return out.Close()
}
