// Package names is the vocabulary of ptrace(2) as data: requests, options,
// events, stops, signals, si_codes, errnos, registers, the words of the USER
// area and system calls, most of them with one sentence.
//
// The tables describe Linux on x86-64, and the 32-bit programs that it runs,
// whatever machine this code was built for. They hold plain numbers, so that a
// recording can be read anywhere. The words are those of ptrace(2), signal(7)
// and the kernel's headers.
//
// Every sentence ends with a full stop, is ASCII and at most 200 characters.
// The tables are sorted and are not to be changed.
package names

//go:generate go run ./internal/gen
