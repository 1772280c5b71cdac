package escrow

func (w *canonical) command(cmd Command) {}
func (w *writer) decision(d *Decision)   {}
func (k *compiler) readDefaults()        {}
