//go:build !unix

package conform

import "os/exec"

// grouped does nothing where there are no process groups.
func grouped(*exec.Cmd) {}

// killGroup kills the program alone.
func killGroup(cmd *exec.Cmd) error { return cmd.Process.Kill() }
