"""What a storm in the debates does to those who vote meanwhile."""
