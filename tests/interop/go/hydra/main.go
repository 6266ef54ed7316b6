// Runs the command of Ory Hydra. This is a separate module, because Hydra takes minutes to build.
package main

import "github.com/ory/hydra/v2/cmd"

func main() {
	cmd.Execute()
}
