"""What Parvis does about what people do, by intention and never by platform: handlers return answers and never send."""
