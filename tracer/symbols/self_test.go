package symbols

import (
	"debug/elf"
	"os"
	"reflect"
	"runtime"
	"strings"
	"testing"

	"ptwalk/tracer"
)

// Our own process: Go knows where its functions are, and the ELF symbols of
// the test binary must agree. `go test` leaves them out of the binary that it
// runs itself, `go test -c` does not: without them nothing may be found.
func TestSelf(t *testing.T) {
	p, err := OfProcess(tracer.TID(os.Getpid()))
	if err != nil {
		t.Fatal(err)
	}
	at := tracer.Addr(reflect.ValueOf(OfProcess).Pointer())
	want := runtime.FuncForPC(uintptr(at)).Name()
	m, ok := p.Map(at)
	if !ok || !m.Executable() || p.Object(at) != "symbols.test" && !strings.HasSuffix(m.Path, "/"+p.Object(at)) {
		t.Fatalf("%s is in %+v", want, m)
	}
	img := p.image(m)
	if img.table == nil {
		t.Fatalf("the test binary %s cannot be read", m.Path)
	}
	s, off, ok := p.Find(at + 3)
	exe, err := elf.Open("/proc/self/exe")
	if err != nil {
		t.Fatal(err)
	}
	defer exe.Close()
	if exe.Section(".symtab") == nil { // the dynamic symbols may be left, and ours is none of them
		if ok && !(s.Addr <= at && at+3 < s.Addr+tracer.Addr(s.Size)) {
			t.Errorf("found %s at %s, which %s is not in", s.Name, s.Addr, at+3)
		}
		return
	}
	if !ok || s.Name != want || s.Addr != at || off != 3 {
		t.Errorf("at %s+3 is %s at %s, %v", want, s.At(off), s.Addr, ok)
	}
}
