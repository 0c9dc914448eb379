package event

import (
	"reflect"
	"strings"
)

// IsControl says whether a terminal may obey the character instead of showing it.
func IsControl(r rune) bool { return r < ' ' || 0x7f <= r && r < 0xa0 }

// Clean is a text of somebody's file without control characters.
func Clean(text string) string { return clean(text, false) }

func clean(text string, lines bool) string {
	return strings.Map(func(r rune) rune {
		if IsControl(r) && !(lines && r == '\n') {
			return '.'
		}
		return r
	}, strings.ToValidUTF8(text, "\ufffd"))
}

// cleanAll cleans every text that p points to. A field with the tag clean:"lines"
// keeps its lines, and one with clean:"raw" is left as it is.
func cleanAll(p any) { cleanValue(reflect.ValueOf(p).Elem(), "") }

func cleanValue(v reflect.Value, tag string) {
	switch v.Kind() {
	case reflect.String:
		v.SetString(clean(v.String(), tag == "lines"))
	case reflect.Slice:
		for i := range v.Len() {
			cleanValue(v.Index(i), tag)
		}
	case reflect.Pointer:
		if !v.IsNil() {
			cleanValue(v.Elem(), tag)
		}
	case reflect.Interface:
		if !v.IsNil() {
			held := reflect.New(v.Elem().Type()).Elem()
			held.Set(v.Elem())
			cleanValue(held, tag)
			v.Set(held)
		}
	case reflect.Struct:
		for i := range v.NumField() {
			if field := v.Type().Field(i); field.IsExported() && field.Tag.Get("clean") != "raw" {
				cleanValue(v.Field(i), field.Tag.Get("clean"))
			}
		}
	}
}
