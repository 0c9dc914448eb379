//go:build linux || darwin

package supervise

import "golang.org/x/sys/unix"

// keyByKey turns off the terminal's own line editing and echo, and nothing else:
// stty -icanon -echo.
func keyByKey(fd int) {
	t, err := unix.IoctlGetTermios(fd, getTermios)
	if err != nil {
		return
	}
	t.Lflag &^= unix.ICANON | unix.ECHO
	t.Cc[unix.VMIN], t.Cc[unix.VTIME] = 1, 0
	unix.IoctlSetTermios(fd, setTermios, t)
}
