package sentencecheck

import (
	"math/big"
	"strings"
)

// parse reads a number as sentences spell it: 5, -5, 0x402000, -0x10.
func parse(text string) (*big.Int, bool) {
	digits, negative := strings.CutPrefix(text, "-")
	base := 10
	if hex, ok := strings.CutPrefix(digits, "0x"); ok {
		digits, base = hex, 16
	}
	n, ok := new(big.Int).SetString(digits, base)
	if !ok || digits == "" || digits[0] == '-' || digits[0] == '+' {
		return new(big.Int), false
	}
	if negative {
		n.Neg(n)
	}
	return n, true
}

// modulo is a number in so many bits.
func modulo(n *big.Int, bits uint) *big.Int {
	mask := new(big.Int).Lsh(big.NewInt(1), bits)
	mask.Sub(mask, big.NewInt(1))
	return mask.And(mask, n)
}

// same says whether two numbers are the same bits, and whether the first can be
// told so at all: as a number of so many bits, with or without a sign.
func same(n *big.Int, value uint64, bits uint) bool {
	limit := new(big.Int).Lsh(big.NewInt(1), bits)
	lowest := new(big.Int).Neg(new(big.Int).Rsh(limit, 1))
	return n.Cmp(limit) < 0 && n.Cmp(lowest) >= 0 &&
		modulo(n, bits).Cmp(new(big.Int).SetUint64(low(value, bits))) == 0
}

// little is a number in memory.
func little(b []byte) *big.Int {
	n := new(big.Int)
	for i := len(b) - 1; i >= 0; i-- {
		n.Lsh(n, 8).Or(n, big.NewInt(int64(b[i])))
	}
	return n
}

// withSign is a number of so many bits, taken with its sign.
func withSign(n *big.Int, bits uint) *big.Int {
	if bits > 0 && n.Bit(int(bits)-1) == 1 {
		return new(big.Int).Sub(n, new(big.Int).Lsh(big.NewInt(1), bits))
	}
	return n
}
