//go:build !unix

package stage

import "os"

// jobSignals is empty where there is no job control.
var jobSignals []os.Signal

var contSignals []os.Signal
