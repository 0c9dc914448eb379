package stage

import (
	"os"

	"golang.org/x/sys/unix"
)

// drain reads what is in the pipe now, and not what others write meanwhile.
func drain(f *os.File) string {
	var text []byte
	conn, err := f.SyscallConn()
	if err != nil {
		return ""
	}
	conn.Read(func(fd uintptr) bool {
		has, err := unix.IoctlGetInt(int(fd), unix.TIOCINQ) // FIONREAD
		if err != nil || has <= 0 {
			return true
		}
		text = make([]byte, has)
		n, _ := unix.Read(int(fd), text)
		text = text[:max(0, n)]
		return true
	})
	return string(text)
}
