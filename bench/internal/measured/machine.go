package measured

import (
	"fmt"
	"os"
	"regexp"
	"runtime"
)

// Machine returns what every measurement depends on besides the code.
func Machine() string {
	return fmt.Sprintf("%s, %d cores, %s/%s; %s", processor(), runtime.NumCPU(), runtime.GOOS, runtime.GOARCH, runtime.Version())
}

var model = regexp.MustCompile(`(?m)^model name\s*:\s*(.+)$`)

// processor returns the name of the processor where Linux tells it.
func processor() string {
	info, _ := os.ReadFile("/proc/cpuinfo")
	if m := model.FindSubmatch(info); m != nil {
		return string(m[1])
	}
	return "unknown processor"
}
