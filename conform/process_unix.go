//go:build unix

package conform

import (
	"os/exec"
	"syscall"
)

// grouped starts a program in a process group of its own, with all that it starts.
func grouped(cmd *exec.Cmd) {
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.Cancel = func() error { return killGroup(cmd) }
}

// killGroup kills a program and all that it has started and that has stayed in its
// group.
func killGroup(cmd *exec.Cmd) error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }
