package sqltest

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
)

// Cluster is a PostgreSQL server of one's own, which can be stopped as if the machine
// had failed.
type Cluster struct {
	programs, dir string
	as            *syscall.Credential
}

// NewCluster makes and starts a cluster in a folder of its own. It listens on a socket in
// that folder alone, and trusts whoever comes. Run by root, which PostgreSQL refuses, its
// programs run as the user postgres.
func NewCluster() (*Cluster, error) {
	programs, err := installed()
	if err != nil {
		return nil, err
	}
	dir, err := os.MkdirTemp("", "pg")
	if err != nil {
		return nil, err
	}
	c := &Cluster{programs: programs, dir: dir}
	if os.Getuid() == 0 {
		if err := c.become("postgres"); err != nil {
			return nil, err
		}
	}
	if err := c.run("initdb", "-D", c.data(), "-A", "trust", "-U", "escrow", "-E", "UTF8", "--locale=C", "--no-sync"); err != nil {
		return nil, err
	}
	return c, c.Start()
}

// installed returns where the newest installed version has its programs.
func installed() (string, error) {
	found, _ := filepath.Glob("/usr/lib/postgresql/*/bin/initdb")
	if len(found) == 0 {
		path, err := exec.LookPath("initdb")
		if err != nil {
			return "", errors.New("install PostgreSQL, or name one in ESCROW_TEST_POSTGRES")
		}
		return filepath.Dir(path), nil
	}
	version := func(path string) int {
		n, _ := strconv.Atoi(strings.Split(path, "/")[4])
		return n
	}
	slices.SortFunc(found, func(a, b string) int { return version(a) - version(b) })
	return filepath.Dir(found[len(found)-1]), nil
}

// become has the cluster's programs run as another user, whose the folder is.
func (c *Cluster) become(name string) error {
	u, err := user.Lookup(name)
	if err != nil {
		return fmt.Errorf("PostgreSQL does not run as root: %w", err)
	}
	uid, _ := strconv.Atoi(u.Uid)
	gid, _ := strconv.Atoi(u.Gid)
	c.as = &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}
	return os.Chown(c.dir, uid, gid)
}

func (c *Cluster) data() string { return filepath.Join(c.dir, "data") }

// Address returns the address of the cluster's database.
func (c *Cluster) Address() string {
	return "postgres:///postgres?user=escrow&host=" + c.dir
}

// Start starts the server, and returns when it answers.
func (c *Cluster) Start() error {
	options := fmt.Sprintf("-c listen_addresses='' -c unix_socket_directories='%s' -c max_connections=200 -c fsync=off", c.dir)
	return c.run("pg_ctl", "-D", c.data(), "-l", filepath.Join(c.dir, "log"), "-w", "-o", options, "start")
}

// Stop stops the server: "fast" as it should be, "immediate" as if the machine had
// failed.
func (c *Cluster) Stop(mode string) error {
	return c.run("pg_ctl", "-D", c.data(), "-w", "-m", mode, "stop")
}

// Remove stops the server and removes its folder.
func (c *Cluster) Remove() {
	_ = c.Stop("immediate")
	_ = os.RemoveAll(c.dir)
}

func (c *Cluster) run(program string, args ...string) error {
	cmd := exec.Command(filepath.Join(c.programs, program), args...)
	cmd.Dir = c.dir
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: c.as}
	log, err := os.Create(filepath.Join(c.dir, program+".out"))
	if err != nil {
		return err
	}
	defer func() { _ = log.Close() }()
	cmd.Stdout, cmd.Stderr = log, log // a pipe would stay open as long as the server runs
	if err := cmd.Run(); err != nil {
		said, _ := os.ReadFile(log.Name())
		return fmt.Errorf("%s: %w: %s", program, err, said)
	}
	return nil
}
