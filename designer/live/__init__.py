"""The live view: where contacts are in a flow, which ways they take, and where they give up."""
