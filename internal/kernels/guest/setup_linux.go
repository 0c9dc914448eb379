package main

import (
	"fmt"
	"os"

	"golang.org/x/sys/unix"

	"ptwalk/internal/kernels/wire"
)

// mounts are what programs expect of a machine, in order.
var mounts = []struct {
	kind, at, data string
	optional       bool // not in every kernel
}{
	{"proc", "/proc", "", false},
	{"sysfs", "/sys", "", false},
	{"devtmpfs", "/dev", "", false},
	{"devpts", "/dev/pts", "ptmxmode=0666,mode=620", false},
	{"tmpfs", "/dev/shm", "mode=1777", false},
	{"tmpfs", "/tmp", "mode=1777", false},
	{"tmpfs", "/run", "mode=755", false},
	{"securityfs", "/sys/kernel/security", "", true},
	{"tracefs", "/sys/kernel/tracing", "", true},
	{"cgroup2", "/sys/fs/cgroup", "", true},
}

// setUp mounts, and opens the way to the host.
func setUp() (*os.File, error) {
	unix.Umask(0o022)
	for _, m := range mounts {
		os.MkdirAll(m.at, 0o755)
		if err := unix.Mount("none", m.at, m.kind, unix.MS_NOSUID, m.data); err != nil && !m.optional {
			return nil, fmt.Errorf("mount %s: %w", m.at, err)
		}
	}
	for name, to := range map[string]string{"/dev/fd": "/proc/self/fd", "/dev/stdin": "fd/0", "/dev/stdout": "fd/1", "/dev/stderr": "fd/2"} {
		if err := os.Symlink(to, name); err != nil && !os.IsExist(err) {
			return nil, err
		}
	}
	for _, u := range users {
		if err := os.MkdirAll(u.home, 0o755); err != nil {
			return nil, err
		}
		if err := os.Chown(u.home, u.id, u.id); err != nil {
			return nil, err
		}
	}
	port, err := os.OpenFile(wire.Port, os.O_WRONLY|unix.O_NOCTTY, 0)
	if err != nil {
		return nil, err
	}
	return port, raw(int(port.Fd()))
}

// raw lets each byte through as it is.
func raw(fd int) error {
	modes, err := unix.IoctlGetTermios(fd, unix.TCGETS)
	if err != nil {
		return err
	}
	modes.Oflag &^= unix.OPOST
	modes.Iflag &^= unix.IXON
	modes.Lflag &^= unix.ECHO | unix.ICANON | unix.ISIG
	return unix.IoctlSetTermios(fd, unix.TCSETSW, modes)
}

// off switches the machine off, once all is written.
func off() {
	unix.Sync()
	unix.Reboot(unix.LINUX_REBOOT_CMD_POWER_OFF)
	unix.Reboot(unix.LINUX_REBOOT_CMD_RESTART) // ends qemu too, by -no-reboot
	select {}
}
