package escrow

// proveCoSigns checks what becomes of requests that wait.
func (p *prover) proveCoSigns() {
	for i := range p.l.rules {
		r := &p.l.rules[i]
		p.where = "rule " + r.ID
		c := &r.CoSign
		if r.amends() && len(r.confirmers) == 0 {
			p.fail("amends terms, which takes mutual consent: name in CoSign.From who must agree")
		}
		switch while := p.l.indexOf(c.While); {
		case !r.cosigned:
			p.uncosigned(r)
		case c.While == "" && c.Declined != "":
			p.fail("co-sign %s: Declined needs While, the status that waits", c.Type)
		case c.While == "" && r.starts(0):
			p.fail("co-sign %s: a draft cannot wait: name the status that does in While", c.Type)
		case c.While != "" && !r.starts(uint8(while)):
			p.fail("co-sign %s: waits in %s, from where the rule does not start: name it in From", c.Type, c.While)
		}
		for j := range i {
			if o := &p.l.rules[j]; o.cosigned && r.cosigned && o.CoSign.Type == c.Type && o.action != r.action {
				p.fail("co-sign %s: is of action %s already (rule %s): give it a type of its own", c.Type, o.action, o.ID)
			}
		}
	}
	p.where = ""
}

// uncosigned refuses what belongs to a co-sign without one.
func (p *prover) uncosigned(r *rule) {
	c := &r.CoSign
	if len(c.From)+len(c.Sets)+len(c.Adjusts) > 0 || c.While != "" || c.Declined != "" || c.Completes != nil || c.Results != nil || !isNil(c.TTL) || c.Lifetime != 0 || !isNil(c.Quorum) || !isNil(c.SeparateDuties) {
		p.fail("an empty CoSign: needs a Type")
	}
}
