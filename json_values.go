package escrow

// MarshalJSON writes the number of smallest units as a string: an amount by itself
// has no asset. [Asset.Text] writes it with its decimal point, as contracts do.
func (a Amount) MarshalJSON() ([]byte, error) {
	return append(a.appendDigits([]byte{'"'}), '"'), nil
}

// UnmarshalJSON reads a number of smallest units, at most 10^38, which no pot ever
// exceeds. Null changes nothing.
func (a *Amount) UnmarshalJSON(data []byte) error {
	r := &reader{s: string(data), path: "amount"}
	if r.null() {
		return nil
	}
	n, _, reason := r.plainNumber()
	var read Amount
	if reason == "" {
		read, reason = n.unitsTo(0, maxTotal)
	}
	if reason != "" {
		r.fail(reason, catalogueText(reason))
	}
	if r.end(); r.fault != nil {
		return r.fault
	}
	*a = read
	return nil
}

// MarshalJSON writes the ratio's text, as in "0.05".
func (r Ratio) MarshalJSON() ([]byte, error) { return append(r.appendText([]byte{'"'}), '"'), nil }

// UnmarshalJSON reads a ratio, as [ParseRatio]. Null changes nothing.
func (r *Ratio) UnmarshalJSON(data []byte) error {
	in := &reader{s: string(data), path: "ratio"}
	if in.null() {
		return nil
	}
	n, _, reason := in.plainNumber()
	if in.end(); in.fault != nil {
		return in.fault
	}
	read, err := ratioEdge(n, reason)
	if err == nil {
		*r = read
	}
	return err
}

// MarshalJSON writes the asset: {"code", "scale"}.
func (s Asset) MarshalJSON() ([]byte, error) {
	var w writer
	w.asset(s)
	return w.buf, nil
}

// UnmarshalJSON reads an asset. Null changes nothing.
func (s *Asset) UnmarshalJSON(data []byte) error {
	r := &reader{s: string(data), path: "asset"}
	if r.null() {
		return nil
	}
	read := r.asset(r.malformed)
	if r.end(); r.fault != nil {
		return r.fault
	}
	*s = read
	return nil
}

var assetNames = fieldNames("code", "scale")

// asset reads an asset; what is done with a field that nobody knows is the
// caller's.
func (r *reader) asset(extra func(message string)) (a Asset) {
	var seen keysSeen
	scaled := false
	for ok := r.enter('{', '}'); ok; ok = r.more('}') {
		switch r.field(assetNames, &seen) {
		case 0:
			a.Code = r.id()
		case 1:
			scaled = r.peek() != 'n' // null is not set
			a.Scale = uint8(r.count(maxScale))
		default:
			extra("is unknown")
			r.skip()
		}
	}
	if r.fault == nil && (seen.known != 3 || !scaled || a.Code == "") {
		r.malformed("needs a code and a scale")
	}
	return a
}

// MarshalJSON writes the account in its text form, as in "buyer:acct_1".
func (a Account) MarshalJSON() ([]byte, error) { return appendString(nil, a.String()), nil }

// MarshalJSON writes the account, what it holds in whole units, and of what.
func (h Holding) MarshalJSON() ([]byte, error) {
	var w writer
	w.open('{')
	w.account("account", h.Account)
	w.amount("amount", h.Amount, h.Asset)
	w.key("asset")
	w.asset(h.Asset)
	w.close('}')
	return w.buf, nil
}

// MarshalJSON writes the review with its amounts in smallest units.
func (r Review) MarshalJSON() ([]byte, error) {
	var w writer
	w.open('{')
	w.text("amount", r.Amount.String())
	w.text("minPayout", r.MinPayout.String())
	w.count("quorum", uint64(r.Quorum))
	w.close('}')
	return w.buf, nil
}
