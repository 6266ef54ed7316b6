// Ory Hydra as its own command has it; a module of its own, because it takes minutes to build.
package main

import "github.com/ory/hydra/v2/cmd"

func main() {
	cmd.Execute()
}
