package render

import (
	"cmp"
	"fmt"
	"io"
	"os"
	"runtime"
	"strings"
	"sync/atomic"
	"unicode/utf16"
	"unicode/utf8"
)

// asciiScreen says whether what people read is ASCII alone: by --ascii, or
// because the terminal knows no UTF-8. What the walk itself says is ASCII anyhow;
// a program, a file name or somebody's recording may say more.
var asciiScreen atomic.Bool

// UseASCII has Screen write ASCII alone from now on.
func UseASCII() { asciiScreen.Store(true) }

func init() { asciiScreen.Store(localeASCII(os.Getenv, runtime.GOOS)) }

// localeASCII follows POSIX: the first of LC_ALL, LC_CTYPE and LANG that is set
// names the character set, and none of them means the locale C.
func localeASCII(env func(string) string, system string) bool {
	if env("TERM") == "dumb" {
		return true
	}
	locale := cmp.Or(env("LC_ALL"), env("LC_CTYPE"), env("LANG"))
	if locale == "" && (system == "windows" || system == "darwin") {
		return false // they do not use these, and know UTF-8
	}
	locale = strings.ToLower(locale)
	return !strings.Contains(locale, "utf-8") && !strings.Contains(locale, "utf8")
}

// Screen is a file of ours for what people read.
func Screen(file *os.File) io.Writer {
	if asciiScreen.Load() {
		return asciiText{file}
	}
	return file
}

// asciiText writes a question mark for each character outside ASCII.
type asciiText struct{ w io.Writer }

// Write writes whole characters.
func (a asciiText) Write(p []byte) (int, error) {
	return len(p), writeASCII(a.w, p, func(rune) string { return "?" })
}

// ASCIIJSON is w for JSON in ASCII: other characters become JSON's escapes, and
// so the same values.
func ASCIIJSON(w io.Writer) io.Writer { return asciiJSON{w} }

type asciiJSON struct{ w io.Writer }

// Write writes whole characters.
func (a asciiJSON) Write(p []byte) (int, error) {
	return len(p), writeASCII(a.w, p, func(r rune) string {
		if high, low := utf16.EncodeRune(r); high != utf8.RuneError {
			return fmt.Sprintf(`\u%04x\u%04x`, high, low)
		}
		return fmt.Sprintf(`\u%04x`, r)
	})
}

func writeASCII(w io.Writer, p []byte, spell func(rune) string) error {
	var out strings.Builder
	for _, r := range string(p) {
		if r < utf8.RuneSelf {
			out.WriteRune(r)
		} else {
			out.WriteString(spell(r))
		}
	}
	_, err := io.WriteString(w, out.String())
	return err
}
