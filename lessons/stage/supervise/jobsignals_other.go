//go:build !unix

package supervise

import "os"

// jobSignals is empty where there is no job control.
var jobSignals []os.Signal

var ttySignals []os.Signal

func foreground() bool { return true }

var contSignals []os.Signal
