package symbols

import (
	"bytes"
	"debug/elf"
	"os"

	"ptwalk/tracer"
	"ptwalk/tracer/procfs"
)

// vdso is the name of the kernel's own shared object in each process, vdso(7).
const vdso = "[vdso]"

// vdso reads the image from the memory of the process, which needs the right to
// trace it. Without that our own does: the kernel maps the same image into
// every process of one architecture.
func (p *Process) vdso(m procfs.Map) *image {
	if img := vdsoIn(p.dir, m); img != nil {
		return img
	}
	if exe, err := elf.Open(p.dir + "/exe"); err == nil {
		exe.Close()
		if exe.Class == elf.ELFCLASS64 {
			return ownVDSO()
		}
	}
	return &image{}
}

func ownVDSO() *image {
	maps, _ := procfs.Maps(procfs.Self)
	for _, m := range maps {
		if m.Path != vdso {
			continue
		}
		if img := vdsoIn("/proc/self", m); img != nil {
			return img
		}
	}
	return &image{}
}

func vdsoIn(dir string, m procfs.Map) *image {
	const most = 1 << 20 // it has two pages, or a few
	size := m.End - m.Start
	if size > tracer.Addr(most) {
		return nil
	}
	mem, err := os.Open(dir + "/mem")
	if err != nil {
		return nil
	}
	defer mem.Close()
	data := make([]byte, size)
	if n, err := mem.ReadAt(data, int64(m.Start)); err != nil || n < len(data) {
		return nil
	}
	img := readImage(vdso, bytes.NewReader(data))
	if img.table == nil {
		return nil
	}
	img.fixed = false // it is linked to lie at 0 and never does
	return img
}
