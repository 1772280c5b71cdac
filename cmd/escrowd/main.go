// Command escrowd runs and looks after a store of contracts.
package main

func main() {}
