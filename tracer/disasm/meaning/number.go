package meaning

import (
	"math/big"

	"ptwalk/tracer"
)

// number is what an operand holds: so many bits, with or without a sign.
type number struct {
	word tracer.Word // the bits above are 0
	bits int
}

func numberOf(w tracer.Word, bits int) number { return number{cut(w, bits), bits} }

// String spells small negative numbers as such, where there are bits enough that
// they are rarely anything else: 0xffffffff is -1, and 0xff is 255.
func (n number) String() string {
	if n.small() {
		return n.signed()
	}
	return n.unsigned()
}

// small says whether the number is better told with its sign.
func (n number) small() bool { return n.bits >= 32 && -10000 < n.int64() && n.int64() < 0 }

func (n number) unsigned() string { return spelled(n.value(false)) }
func (n number) signed() string   { return spelled(n.value(true)) }

func (n number) negative() bool { return n.int64() < 0 }

// int64 is the number with its sign.
func (n number) int64() int64 {
	shift := 64 - n.bits
	return int64(n.word) << shift >> shift
}

// value is the number in the sense of arithmetic.
func (n number) value(signed bool) *big.Int {
	if signed {
		return big.NewInt(n.int64())
	}
	return new(big.Int).SetUint64(uint64(n.word))
}

// spelled follows [tracer.Word.String]: small numbers in decimal.
func spelled(v *big.Int) string {
	if v.IsInt64() && -10000 < v.Int64() && v.Int64() < 10000 {
		return v.String()
	}
	if v.Sign() < 0 {
		return "-0x" + new(big.Int).Neg(v).Text(16)
	}
	return "0x" + v.Text(16)
}

// bitwise spells a number whose bits count: from 10 on in hexadecimal.
func (n number) bitwise() string {
	if n.word < 10 {
		return n.word.String()
	}
	return n.word.Hex()
}

// double is a number of two halves.
func double(high, low number, signed bool) *big.Int {
	v := high.value(signed)
	return v.Lsh(v, uint(low.bits)).Or(v, low.value(false))
}

// equation spells a result and what it is made of, so that the equation is true
// as it stands: with signs or without. Where neither is, cut is true, and it is
// true of the low bits alone.
func equation(result number, how func(terms []*big.Int) *big.Int, terms ...number) (texts []string, cut bool) {
	spell := func(signed bool) []string {
		texts := []string{spelled(result.value(signed))}
		for _, t := range terms {
			texts = append(texts, spelled(t.value(signed)))
		}
		return texts
	}
	holds := func(signed bool) bool {
		var values []*big.Int
		for _, t := range terms {
			values = append(values, t.value(signed))
		}
		return how(values).Cmp(result.value(signed)) == 0
	}
	first := result.small()
	for _, t := range terms {
		first = first || t.small()
	}
	for _, signed := range []bool{first, !first} {
		if holds(signed) {
			return spell(signed), false
		}
	}
	return spell(false), true
}

func sum(terms []*big.Int) *big.Int {
	out := new(big.Int)
	for _, t := range terms {
		out.Add(out, t)
	}
	return out
}

func difference(terms []*big.Int) *big.Int {
	out := new(big.Int).Set(terms[0])
	for _, t := range terms[1:] {
		out.Sub(out, t)
	}
	return out
}

func product(terms []*big.Int) *big.Int { return new(big.Int).Mul(terms[0], terms[1]) }
func negation(t []*big.Int) *big.Int    { return new(big.Int).Neg(t[0]) }
