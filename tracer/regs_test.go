package tracer

import (
	"reflect"
	"strings"
	"testing"

	"ptwalk/tracer/names"
	"ptwalk/tracer/user"
)

// The registers of a Regs, package user's offsets and the table of names are one
// list.
func TestRegsAreInTheKernelsOrder(t *testing.T) {
	typ := reflect.TypeFor[Regs]()
	table := names.Registers(X8664)
	if typ.NumField() != len(table) || typ.Size() != user.Registers {
		t.Fatalf("%d fields of %d bytes, and %d names", typ.NumField(), typ.Size(), len(table))
	}
	for i := range typ.NumField() {
		field := typ.Field(i)
		if want := strings.ReplaceAll(table[i].Name, "_", ""); !strings.EqualFold(field.Name, want) {
			t.Errorf("field %d is %s, and the name there %s", i, field.Name, table[i].Name)
		}
		var r Regs
		reflect.ValueOf(&r).Elem().Field(i).SetUint(7)
		if w, ok := r.Get(table[i].Name); !ok || w != 7 {
			t.Errorf("%s is %v, %v", table[i].Name, w, ok)
		}
		var set Regs
		if !set.Set(table[i].Name, 7) || set != r {
			t.Errorf("Set of %s gives %+v", table[i].Name, set)
		}
	}
	for _, c := range []struct {
		name   string
		offset uintptr
	}{{"R15", user.R15}, {"RIP", user.RIP}, {"EFLAGS", user.EFLAGS}, {"GS", user.GS}} {
		if field, _ := typ.FieldByName(c.name); field.Offset != c.offset {
			t.Errorf("%s lies at %d, and user says %d", c.name, field.Offset, c.offset)
		}
	}
}

func TestRegsOf32BitCode(t *testing.T) {
	r := Regs{CS: 0x23, RAX: 0xffffffff_fffffffe, RBX: 1, RCX: 2, RDX: 3, RSI: 4, RDI: 5, RBP: 0xff_00000006, RSP: 0x1_0000_2000, RIP: 0x8048000, OrigRAX: 4}
	var all []string
	for _, reg := range r.All() {
		all = append(all, reg.Name)
	}
	if got, want := strings.Join(all, " "), "ebx ecx edx esi edi ebp eax ds es fs gs orig_eax eip cs eflags esp ss"; got != want {
		t.Errorf("the registers are %s", got)
	}
	if w, _ := r.Get("orig_eax"); w != 4 {
		t.Errorf("orig_eax is %v", w)
	}
	for i := range 6 {
		if w := r.Arg(i); w != Word(i+1) {
			t.Errorf("argument %d is %v", i, w)
		}
	}
	if r.PC() != 0x8048000 || r.SP() != 0x2000 || r.Result() != -2 || r.SyscallNr() != 4 {
		t.Errorf("pc %v, sp %v, result %d, number %d", r.PC(), r.SP(), r.Result(), r.SyscallNr())
	}
	var set Regs
	if !set.Set("eip", 9) || set.RIP != 9 || set.Set("xip", 9) {
		t.Errorf("Set gives %+v", set)
	}
}

func TestRegsOf64BitCode(t *testing.T) {
	r := Regs{CS: 0x33, RAX: ^Word(37), RDI: 1, RSI: 2, RDX: 3, R10: 4, R8: 5, R9: 6, RSP: 0x7fff_0000_2000, RIP: 0x401000, OrigRAX: ^Word(0)}
	for i := range 6 {
		if w := r.Arg(i); w != Word(i+1) {
			t.Errorf("argument %d is %v", i, w)
		}
	}
	if r.PC() != 0x401000 || r.SP() != 0x7fff_0000_2000 || r.Result() != -38 || r.SyscallNr() != -1 {
		t.Errorf("pc %v, sp %v, result %d, number %d", r.PC(), r.SP(), r.Result(), r.SyscallNr())
	}
}
