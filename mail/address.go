package mail

import (
	"net/mail"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/idna"
	"golang.org/x/text/unicode/norm"
)

// Lengths of RFC 5321, in bytes.
const (
	maxLocal   = 64
	maxAddress = 254
)

// ParseAddress reads an address that someone typed, such as o'hara+news@example.com
// or "odd one"@exämple.com, and returns it as it is stored and written: without
// blanks around it, its domain in lower case and in ASCII, its local part as it
// was, since only its own server knows what that means. Anything else is an
// *InvalidError.
func ParseAddress(typed string) (string, error) {
	typed = norm.NFC.String(strings.TrimSpace(typed))
	if !utf8.ValidString(typed) || strings.ContainsFunc(typed, unicode.IsControl) || len(typed) > 2*maxAddress {
		return "", badAddress()
	}
	// A name beside the address, or a comment in it, is not an address alone.
	parsed, err := mail.ParseAddress("<" + typed + ">")
	if err != nil {
		return "", badAddress()
	}
	at := strings.LastIndexByte(parsed.Address, '@')
	local, domain := parsed.Address[:at], parsed.Address[at+1:]
	// This also refuses addresses of machines, [192.0.2.1].
	ascii, err := idna.Lookup.ToASCII(domain)
	if err != nil || ascii == "" || strings.ContainsAny(ascii, "[]:()") {
		return "", badAddress()
	}
	whole := strings.Trim((&mail.Address{Address: local + "@" + ascii}).String(), "<>")
	if len(local) > maxLocal || len(whole) > maxAddress {
		return "", badAddress()
	}
	return whole, nil
}

// AddressKey is what two addresses have in common that are to be taken for one:
// hardly any server tells upper from lower case in the local part. address is one
// that ParseAddress returned.
func AddressKey(address string) string { return strings.ToLower(address) }

func badAddress() error {
	return &InvalidError{"to", "this is not an e-mail address: write it as name@example.com"}
}
