package main

type explainCmd struct{}
func (c *explainCmd) Run(std *stdio) error { return nil }
