package event

import (
	"encoding/json"
	"fmt"
	"reflect"
	"strings"

	"ptwalk/tracer"
)

// encodeCells are values of a run as JSON, and what each is: the type that tells
// a printer how to spell it.
func encodeCells(cells []any) (values []json.RawMessage, types []string, err error) {
	values, types = []json.RawMessage{}, []string{}
	for _, cell := range cells {
		plain, kind := typed(cell)
		value, err := json.Marshal(plain)
		if err != nil {
			return nil, nil, err
		}
		values, types = append(values, value), append(types, kind)
	}
	return values, types, nil
}

// typed is a cell as package json takes it, and the name of its type.
func typed(cell any) (value any, kind string) {
	switch v := cell.(type) {
	case tracer.Word:
		return v, "word"
	case tracer.Reg:
		return v.Value, "reg " + v.Name
	case tracer.Addr:
		return v, "addr"
	case tracer.TID:
		return v, "tid"
	case Count:
		return v, "count"
	case Fact:
		return v, "fact"
	case fmt.Stringer, error:
		return fmt.Sprint(v), "text"
	case float64:
		return v, "float"
	case []byte:
		return Bytes(v), "bytes"
	}
	if reflect.ValueOf(cell).Kind() == reflect.String {
		return cell, "text"
	}
	return cell, "int"
}

// decodeCells are values with their types. A value without a type is what JSON
// says.
func decodeCells(values []json.RawMessage, types []string) (cells []any, err error) {
	for i, value := range values {
		kind := ""
		if i < len(types) {
			kind = types[i]
		}
		cell, err := decodeCell(value, kind)
		if err != nil {
			return nil, err
		}
		cells = append(cells, cell)
	}
	return cells, nil
}

func decodeCell(value json.RawMessage, kind string) (any, error) {
	kind, register, _ := strings.Cut(kind, " ")
	switch kind {
	case "word":
		return as[tracer.Word](value)
	case "reg":
		w, err := as[tracer.Word](value)
		return tracer.Reg{Name: Clean(register), Value: w}, err
	case "addr":
		return as[tracer.Addr](value)
	case "tid":
		return as[tracer.TID](value)
	case "count":
		return as[Count](value)
	case "int":
		return as[int](value)
	case "float":
		return as[float64](value)
	case "bytes":
		p, err := as[Bytes](value)
		return []byte(p), err
	case "fact":
		s, err := as[string](value)
		return Fact(Clean(s)), err
	}
	switch v, err := as[any](value); v := v.(type) {
	case string:
		return Clean(v), err
	case float64:
		if v == float64(int(v)) {
			return int(v), err
		}
		return v, err
	default:
		return Clean(fmt.Sprint(v)), err
	}
}

func as[T any](value json.RawMessage) (v T, err error) {
	err = json.Unmarshal(value, &v)
	return v, err
}
