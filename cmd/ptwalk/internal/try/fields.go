package try

import (
	"fmt"
	"slices"
	"strings"
)

// field is a word of the form NAME=VALUE.
type field struct{ name, value string }

// fieldsOf takes words apart, whose names have to be among those that there are.
func fieldsOf(words []string, there ...string) (fields []field, err error) {
	for _, word := range words {
		name, value, ok := strings.Cut(word, "=")
		if name = strings.ToLower(name); !ok || value == "" || !slices.Contains(there, name) {
			return nil, errUsage
		}
		fields = append(fields, field{name, value})
	}
	return fields, nil
}

// numbers reads the values of fields of a structure into their places.
func (se *session) numbers(words []string, into map[string]func(uint64)) error {
	var there []string
	for name := range into {
		there = append(there, name)
	}
	fields, err := fieldsOf(words, there...)
	if err != nil {
		return err
	}
	for _, f := range fields {
		w, err := se.value(f.value)
		if err != nil {
			return err
		}
		into[f.name](uint64(w))
	}
	return nil
}

// bitsOf reads NAME|NAME, with spaces or without, or numbers in the place of names.
func bitsOf(words []string, named func(string) (uint64, bool)) (bits uint64, err error) {
	parts := strings.Fields(strings.ReplaceAll(strings.Join(words, "|"), "|", " "))
	if len(parts) == 0 {
		return 0, errUsage
	}
	for _, word := range parts {
		bit, ok := named(word)
		if !ok {
			if bit, err = number(word); err != nil {
				return 0, wrong{fmt.Sprintf("%q is neither a name nor a number that belongs here.", word)}
			}
		}
		bits |= bit
	}
	return bits, nil
}

// unread says that what is to be written back was not read.
func unread(set, get string) error {
	return wrong{fmt.Sprintf("%s writes back what %s has read in this stop, with your changes. Make that first.", set, get)}
}
